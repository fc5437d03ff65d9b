// SPDX-License-Identifier: GPL-2.0-only
/// One label above the unlock redirties; what lies beyond the end of the file still comes in below it.
// Kernel: 5.8
// Fixable: no
// Source: shape of the code after fb8bc4c74ae4 ("ubifs: ubifs_writepage: Mark page dirty after writing inode failed")
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

int hornbeam_write_inode(struct inode *inode, struct writeback_control *wbc);

static int hornbeam_do_writepage(struct page *page, size_t len)
{
	int err;

	set_page_writeback(page);
	err = store_write(page->mapping->host, page_offset(page), page_address(page), len);
	mapping_set_error(page->mapping, err);
	unlock_page(page);
	end_page_writeback(page);
	return err;
}

static int hornbeam_writepage(struct page *page, struct writeback_control *wbc)
{
	struct inode *inode = page->mapping->host;
	pgoff_t last = i_size_read(inode) >> PAGE_SHIFT;
	size_t len = i_size_read(inode) & (PAGE_SIZE - 1);
	int err = 0;

	if (page->index > last)
		goto out_unlock;
	err = hornbeam_write_inode(inode, wbc);
	if (err)
		goto out_redirty;
	if (page->index < last)
		return hornbeam_do_writepage(page, PAGE_SIZE);	/* ok: writepage.writeback */
	memset((u8 *)page_address(page) + len, 0, PAGE_SIZE - len);
	return hornbeam_do_writepage(page, len);	/* ok: writepage.writeback */

out_redirty:
	redirty_page_for_writepage(wbc, page);
out_unlock:
	unlock_page(page);
	return err;	/* violates: writepage.writeback low */
}

const struct address_space_operations hornbeam_aops = {
	.writepage = hornbeam_writepage,
};
