// SPDX-License-Identifier: GPL-2.0-only
/// The completion of the read unlocks the page.
// Kernel: 5.8
#include <linux/bio.h>
#include <linux/pagemap.h>

static void olive_end_io(struct bio *bio)
{
	struct page *page = bio->bi_private;

	if (!bio->bi_status)
		SetPageUptodate(page);
	unlock_page(page);
	bio_put(bio);
}

static int olive_readpage(struct file *file, struct page *page)
{
	struct bio *bio = bio_alloc(1, GFP_KERNEL);

	if (!bio) {
		unlock_page(page);
		return -ENOMEM;
	}
	bio->bi_private = page;
	bio->bi_end_io = olive_end_io;
	bio_add_page(bio, page, PAGE_SIZE, 0);
	submit_bio(bio);
	return 0;		/* ok: readpage.unlocks */
}

const struct address_space_operations olive_aops = {
	.readpage = olive_readpage,
};
