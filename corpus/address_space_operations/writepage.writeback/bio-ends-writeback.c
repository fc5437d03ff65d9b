// SPDX-License-Identifier: GPL-2.0-only
/// The completion of the write ends the writeback.
#include <linux/bio.h>
#include <linux/pagemap.h>
#include <linux/writeback.h>

static void jasmine_end_io(struct bio *bio)
{
	struct page *page = bio->bi_private;

	mapping_set_error(page->mapping, bio->bi_status);
	end_page_writeback(page);
	bio_put(bio);
}

static int jasmine_writepage(struct page *page, struct writeback_control *wbc)
{
	struct bio *bio = bio_alloc(1, GFP_NOFS);

	if (!bio) {
		redirty_page_for_writepage(wbc, page);
		unlock_page(page);
		return 0;	/* ok: writepage.unlocks, writepage.writeback */
	}

	set_page_writeback(page);
	unlock_page(page);
	bio->bi_private = page;
	bio->bi_end_io = jasmine_end_io;
	bio_add_page(bio, page, PAGE_SIZE, 0);
	submit_bio(bio);
	return 0;		/* ok: writepage.unlocks, writepage.writeback */
}

const struct address_space_operations jasmine_aops = {
	.writepage = jasmine_writepage,
};
