// SPDX-License-Identifier: GPL-2.0-only
/// The page is under writeback, the write never started, and nobody ends the writeback.
#include <linux/bio.h>
#include <linux/pagemap.h>

static void bramble_end_io(struct bio *bio)
{
	end_page_writeback(bio->bi_private);
	bio_put(bio);
}

static int bramble_writepage(struct page *page, struct writeback_control *wbc)
{
	struct bio *bio;

	set_page_writeback(page);
	unlock_page(page);

	bio = bio_alloc(1, GFP_NOFS);
	if (!bio) {
		end_page_writeback(page);
		return -ENOMEM;
	}

	bio->bi_private = page;
	bio->bi_end_io = bramble_end_io;
	bio_add_page(bio, page, PAGE_SIZE, 0);
	submit_bio(bio);
	return 0;
}

const struct address_space_operations bramble_aops = {
	.writepage = bramble_writepage,
};
