// SPDX-License-Identifier: GPL-2.0-only
/// What lies behind the end may be dropped, by whatever name the size is read; the error that comes to the same exit may not.
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

#define PAGE_CACHE_SIZE PAGE_SIZE
#define stonechat_i_size_read(inode) i_size_read(inode)

static int stonechat_writepage(struct page *page, struct writeback_control *wbc)
{
	struct inode *inode = page->mapping->host;
	pgoff_t last;
	loff_t size, rest = PAGE_CACHE_SIZE;
	int err;

	err = store_reserve(inode, PAGE_SIZE);
	if (err) {
		redirty_page_for_writepage(wbc, page);
		goto out;
	}
	size = stonechat_i_size_read(inode);
	last = size >> PAGE_SHIFT;
	if (page->index > last)
		goto out;
	if (page->index == last) {
		rest = size & (PAGE_CACHE_SIZE - 1);
		if (rest == 0)
			goto out;
	}
	set_page_writeback(page);
	err = store_write(inode, page_offset(page), page_address(page), rest);
	end_page_writeback(page);
out:
	unlock_page(page);
	return err;
}

const struct address_space_operations stonechat_aops = {
	.writepage = stonechat_writepage,
};
