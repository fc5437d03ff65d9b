// SPDX-License-Identifier: GPL-2.0-only
/// Whether the bio took the page decides who ends the writeback.
#include <linux/bio.h>
#include <linux/pagemap.h>

static void oat_end_io(struct bio *bio)
{
	end_page_writeback(bio->bi_private);
	bio_put(bio);
}

static struct bio *oat_map(struct page *page)
{
	struct bio *bio = bio_alloc(1, GFP_NOFS);

	if (bio) {
		bio->bi_private = page;
		bio->bi_end_io = oat_end_io;
		bio_add_page(bio, page, PAGE_SIZE, 0);
	}
	return bio;
}

static int oat_writepage(struct page *page, struct writeback_control *wbc)
{
	struct bio *bio;

	set_page_writeback(page);
	bio = oat_map(page);
	unlock_page(page);
	if (bio)
		submit_bio(bio);
	else
		end_page_writeback(page);
	return 0;		/* ok: writepage.unlocks, writepage.writeback */
}

const struct address_space_operations oat_aops = {
	.writepage = oat_writepage,
};
