// SPDX-License-Identifier: GPL-2.0-only
/// The data goes into the inode, and the inode is marked dirty only behind the unlock: writeback ends after that.
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

static int sedge_writepage(struct page *page, struct writeback_control *wbc)
{
	struct inode *inode = page->mapping->host;
	void *kaddr;

	if (!inode->i_size)
		inode->i_size = PAGE_SIZE;
	kaddr = kmap(page);
	memcpy(inode->i_private, kaddr, inode->i_size);
	kunmap(page);
	unlock_page(page);
	mark_inode_dirty(inode);
	return 0;		/* violates: writepage.writeback */
}

const struct address_space_operations sedge_aops = {
	.writepage = sedge_writepage,
};
