// SPDX-License-Identifier: GPL-2.0-only
/// The loop that retries leaves by break, and what follows unlocks in any case.
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

static int woundwort_writepage(struct page *page, struct writeback_control *wbc)
{
	struct inode *inode = page->mapping->host;
	int tries = 3, err;

	set_page_writeback(page);
	do {
		err = store_write(inode, page_offset(page), page_address(page), PAGE_SIZE);
		if (err != -EAGAIN)
			break;
		cond_resched();
	} while (--tries > 0);
	if (err)
		mapping_set_error(page->mapping, err);
	unlock_page(page);
	end_page_writeback(page);
	return err;	/* ok: writepage.unlocks, writepage.writeback */
}

const struct address_space_operations woundwort_aops = {
	.writepage = woundwort_writepage,
};
