// SPDX-License-Identifier: GPL-2.0-only
/// An early error return leaves the page locked.
// Kernel: 5.8
#include <linux/pagemap.h>
#include <linux/store.h>

static int moss_readpage(struct file *file, struct page *page)
{
	struct inode *inode = page->mapping->host;
	int err;

	if (!inode->i_private)
		return -EIO;	/* violates: readpage.unlocks */

	err = store_read(inode, page_offset(page), page_address(page), PAGE_SIZE);
	if (!err)
		SetPageUptodate(page);
	unlock_page(page);
	return err;
}

const struct address_space_operations moss_aops = {
	.readpage = moss_readpage,
};
