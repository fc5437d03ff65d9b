// SPDX-License-Identifier: GPL-2.0-only
/// The store helper was written for writeback; what runs when it is done lets the laundered page go as well.
// Kernel: 5.8
// Fixable: no
// Source: after the shape of d383e346f97d ("afs: Fix afs_launder_page to not clear PG_writeback"), the lock in the place of the flag
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

static void comfrey_written_back(struct page *page, int err)
{
	if (err)
		SetPageError(page);
	unlock_page(page);
}

static int comfrey_store(struct page *page)
{
	int err = store_write(page->mapping->host, page_offset(page), page_address(page), PAGE_SIZE);

	comfrey_written_back(page, err);
	return err;
}

static int comfrey_writepage(struct page *page, struct writeback_control *wbc)
{
	int err;

	set_page_writeback(page);
	err = comfrey_store(page);
	end_page_writeback(page);
	return err;	/* ok: writepage.unlocks, writepage.writeback */
}

static int comfrey_launder_page(struct page *page)
{
	if (!PageUptodate(page))
		return 0;	/* ok: launder_page.keeps_locked */
	return comfrey_store(page);	/* violates: launder_page.keeps_locked moderate */
}

const struct address_space_operations comfrey_aops = {
	.writepage = comfrey_writepage,
	.launder_page = comfrey_launder_page,
};
