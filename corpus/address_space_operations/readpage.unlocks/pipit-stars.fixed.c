// SPDX-License-Identifier: GPL-2.0-only
/// Where the star stands is a matter of taste: the helper that refuses leaves the page locked all the same.
// Kernel: 5.8
#include <linux/pagemap.h>
#include <linux/store.h>

static int pipit_fill(struct inode* inode, struct page* page)
{
	int err;

	if (store_sealed(inode)) {
		unlock_page(page);
		return -EIO;
	}
	err = store_read(inode, page_offset(page), page_address(page), PAGE_SIZE);
	if (!err)
		SetPageUptodate(page);
	unlock_page(page);
	return err;
}

static int pipit_readpage(struct file* file, struct page* page)
{
	return pipit_fill(page->mapping->host, page);
}

const struct address_space_operations pipit_aops = {
	.readpage = pipit_readpage,
};
