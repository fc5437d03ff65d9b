// SPDX-License-Identifier: GPL-2.0-only
/// What is returned stands in brackets, and the helper that takes over leaves early with the page locked.
// Source: shape of zpl_putpage() and zfs_putpage() of openzfs/zfs 2.4.4
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

int cuckooflower_enter(struct inode *inode);
void cuckooflower_log(struct inode *inode, void (*done)(void *data), void *data);

static void cuckooflower_done(void *data)
{
	end_page_writeback(data);
}

static int cuckooflower_put(struct inode *inode, struct page *page, struct writeback_control *wbc)
{
	int err;

	if ((err = cuckooflower_enter(inode)) != 0) {
		redirty_page_for_writepage(wbc, page);
		unlock_page(page);
		return (err);
	}
	if (page_offset(page) >= i_size_read(inode)) {
		unlock_page(page);
		return (0);
	}
	set_page_writeback(page);
	unlock_page(page);
	cuckooflower_log(inode, cuckooflower_done, page);
	return (err);
}

static int cuckooflower_writepage(struct page *page, struct writeback_control *wbc)
{
	int ret;

	ret = cuckooflower_put(page->mapping->host, page, wbc);
	cond_resched();
	return (ret);
}

const struct address_space_operations cuckooflower_aops = {
	.writepage = cuckooflower_writepage,
};
