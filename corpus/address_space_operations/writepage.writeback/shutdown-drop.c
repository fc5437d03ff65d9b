// SPDX-License-Identifier: GPL-2.0-only
/// After a shutdown the file system drops the data on purpose; nobody takes a patch for that.
// Fixable: no
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

static int quill_writepage(struct page *page, struct writeback_control *wbc)
{
	struct inode *inode = page->mapping->host;
	int err;

	if (inode->i_sb->s_shutdown) {
		unlock_page(page);
		return -EIO;	/* violates: writepage.writeback low */
	}

	set_page_writeback(page);
	unlock_page(page);
	err = store_write(inode, page_offset(page), page_address(page), PAGE_SIZE);
	mapping_set_error(page->mapping, err);
	end_page_writeback(page);
	return err;
}

const struct address_space_operations quill_aops = {
	.writepage = quill_writepage,
};
