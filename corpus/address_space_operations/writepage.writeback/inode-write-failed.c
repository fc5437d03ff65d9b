// SPDX-License-Identifier: GPL-2.0-only
/// The inode is written first; when that fails, the label that only unlocks loses what the page holds.
// Kernel: 5.8
// Source: shape of the code before fb8bc4c74ae4 ("ubifs: ubifs_writepage: Mark page dirty after writing inode failed")
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

int bryony_write_inode(struct inode *inode, struct writeback_control *wbc);

static int bryony_do_writepage(struct page *page, size_t len)
{
	int err;

	set_page_writeback(page);
	err = store_write(page->mapping->host, page_offset(page), page_address(page), len);
	mapping_set_error(page->mapping, err);
	unlock_page(page);
	end_page_writeback(page);
	return err;
}

static int bryony_writepage(struct page *page, struct writeback_control *wbc)
{
	struct inode *inode = page->mapping->host;
	pgoff_t last = i_size_read(inode) >> PAGE_SHIFT;
	size_t len = i_size_read(inode) & (PAGE_SIZE - 1);
	int err = 0;

	if (page->index > last || (page->index == last && !len))
		goto out_unlock;
	err = bryony_write_inode(inode, wbc);
	if (err)
		goto out_unlock;
	if (page->index < last)
		return bryony_do_writepage(page, PAGE_SIZE);	/* ok: writepage.writeback, writepage.unlocks */
	memset((u8 *)page_address(page) + len, 0, PAGE_SIZE - len);
	return bryony_do_writepage(page, len);

out_unlock:
	unlock_page(page);
	return err;	/* violates: writepage.writeback */
}

const struct address_space_operations bryony_aops = {
	.writepage = bryony_writepage,
};
