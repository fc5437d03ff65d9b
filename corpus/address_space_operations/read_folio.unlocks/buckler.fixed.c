// SPDX-License-Identifier: GPL-2.0-only
/// The page is unlocked on success, the folio on failure, and on a hole neither.
#include <linux/pagemap.h>
#include <linux/store.h>

bool buckler_is_hole(struct inode *inode, loff_t pos);

static int buckler_read_folio(struct file *file, struct folio *folio)
{
	struct page *page = &folio->page;
	struct inode *inode = folio->mapping->host;
	int err;

	if (buckler_is_hole(inode, page_offset(page))) {
		memset(page_address(page), 0, PAGE_SIZE);
		SetPageUptodate(page);
		unlock_page(page);
		return 0;
	}
	err = store_read(inode, page_offset(page), page_address(page), PAGE_SIZE);
	if (!err) {
		SetPageUptodate(page);
		unlock_page(page);
	} else {
		folio_unlock(folio);
	}
	return err;
}

const struct address_space_operations buckler_aops = {
	.read_folio = buckler_read_folio,
};
