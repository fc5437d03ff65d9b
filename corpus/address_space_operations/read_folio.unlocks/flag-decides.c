// SPDX-License-Identifier: GPL-2.0-only
/// A flag remembers whether the bio took the folio.
#include <linux/bio.h>
#include <linux/pagemap.h>

static void cress_end_io(struct bio *bio)
{
	folio_unlock(bio->bi_private);
	bio_put(bio);
}

static int cress_read_folio(struct file *file, struct folio *folio)
{
	struct bio *bio = bio_alloc(1, GFP_KERNEL);
	bool unlock = true;

	if (bio) {
		bio->bi_private = folio;
		bio->bi_end_io = cress_end_io;
		if (bio_add_folio(bio, folio, folio_size(folio), 0)) {
			submit_bio(bio);
			unlock = false;
		} else {
			bio_put(bio);
		}
	}
	if (unlock)
		folio_unlock(folio);
	return 0;		/* ok: read_folio.unlocks */
}

const struct address_space_operations cress_aops = {
	.read_folio = cress_read_folio,
};
