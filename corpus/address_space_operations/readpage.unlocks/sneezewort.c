// SPDX-License-Identifier: GPL-2.0-only
/// A helper unlocks the page on some of its ways only, and does not say on which.
// Kernel: 5.8
// Fixable: no
#include <linux/pagemap.h>
#include <linux/store.h>

static void sneezewort_finish(struct page *page, int err)
{
	if (page->index)
		unlock_page(page);
}

static int sneezewort_readpage(struct file *file, struct page *page)
{
	struct inode *inode = page->mapping->host;
	int err;

	err = store_read(inode, page_offset(page), page_address(page), PAGE_SIZE);
	if (err) {
		sneezewort_finish(page, err);
		return err;	/* violates: readpage.unlocks moderate */
	}
	SetPageUptodate(page);
	unlock_page(page);
	return 0;	/* ok: readpage.unlocks */
}

const struct address_space_operations sneezewort_aops = {
	.readpage = sneezewort_readpage,
};
