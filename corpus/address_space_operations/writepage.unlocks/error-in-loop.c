// SPDX-License-Identifier: GPL-2.0-only
/// The error leaves from inside a loop over the blocks of the page.
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

static int gorse_writepage(struct page *page, struct writeback_control *wbc)
{
	struct inode *inode = page->mapping->host;
	size_t done;
	int err;

	for (done = 0; done < PAGE_SIZE; done += 512) {
		err = store_reserve(inode, 512);
		if (err)
			return err;	/* violates: writepage.unlocks, writepage.writeback */
	}

	set_page_writeback(page);
	unlock_page(page);
	err = store_write(inode, page_offset(page), page_address(page), PAGE_SIZE);
	mapping_set_error(page->mapping, err);
	end_page_writeback(page);
	return err;
}

const struct address_space_operations gorse_aops = {
	.writepage = gorse_writepage,
};
