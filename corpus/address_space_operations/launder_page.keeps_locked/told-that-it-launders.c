// SPDX-License-Identifier: GPL-2.0-only
/// An argument tells the store helper that the page is only laundered, and then it leaves the lock alone.
// Kernel: 5.8
// Source: after the shape of the fixed d383e346f97d ("afs: Fix afs_launder_page to not clear PG_writeback"), the lock in the place of the flag
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

static void borage_written_back(struct page *page, int err, bool laundering)
{
	if (err)
		SetPageError(page);
	if (!laundering)
		unlock_page(page);
}

static int borage_store(struct page *page, bool laundering)
{
	int err = store_write(page->mapping->host, page_offset(page), page_address(page), PAGE_SIZE);

	borage_written_back(page, err, laundering);
	return err;
}

static int borage_writepage(struct page *page, struct writeback_control *wbc)
{
	int err;

	set_page_writeback(page);
	err = borage_store(page, false);
	end_page_writeback(page);
	return err;	/* ok: writepage.unlocks, writepage.writeback */
}

static int borage_launder_page(struct page *page)
{
	int err = 0;

	if (!PageUptodate(page))
		return 0;	/* ok: launder_page.keeps_locked */
	err = borage_store(page, true);
	return err;	/* ok: launder_page.keeps_locked */
}

const struct address_space_operations borage_aops = {
	.writepage = borage_writepage,
	.launder_page = borage_launder_page,
};
