// SPDX-License-Identifier: GPL-2.0-only
/// The helper tells by its result whether it has unlocked the page, and by a constant whether it is to.
// Kernel: 5.8
#include <linux/pagemap.h>
#include <linux/store.h>

static int fleabane_refuse(struct page *page, bool locked)
{
	if (!page->index)
		return 0;
	if (!locked)
		unlock_page(page);
	return -EIO;
}

static int fleabane_readpage(struct file *file, struct page *page)
{
	struct inode *inode = page->mapping->host;
	int err;

	err = fleabane_refuse(page, false);
	if (err)
		return err;
	if (!inode->i_private) {
		fleabane_refuse(page, true);
		unlock_page(page);
		return -ENOMEM;
	}
	err = store_read(inode, page_offset(page), page_address(page), PAGE_SIZE);
	unlock_page(page);
	return err;
}

const struct address_space_operations fleabane_aops = {
	.readpage = fleabane_readpage,
};
