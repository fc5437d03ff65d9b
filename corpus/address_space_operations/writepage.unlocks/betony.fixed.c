// SPDX-License-Identifier: GPL-2.0-only
/// An early return in a loop over blocks, behind a test that the compiler knows as unlikely.
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

#define unlikely(x) __builtin_expect(!!(x), 0)

static int betony_writepage(struct page *page, struct writeback_control *wbc)
{
	struct inode *inode = page->mapping->host;
	unsigned int block;
	int err;

	set_page_writeback(page);
	for (block = 0; block < 4; block++) {
		err = store_write(inode, page_offset(page) + block * 1024, page_address(page), 1024);
		if (unlikely(err == -EAGAIN))
			continue;
		if (unlikely(err < 0)) {
			mapping_set_error(page->mapping, err);
			end_page_writeback(page);
			unlock_page(page);
			return err;
		}
	}
	unlock_page(page);
	end_page_writeback(page);
	return 0;
}

const struct address_space_operations betony_aops = {
	.writepage = betony_writepage,
};
