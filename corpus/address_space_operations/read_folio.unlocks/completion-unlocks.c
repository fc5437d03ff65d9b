// SPDX-License-Identifier: GPL-2.0-only
/// The completion of the read unlocks the folio.
#include <linux/bio.h>
#include <linux/pagemap.h>

static void ginkgo_end_io(struct bio *bio)
{
	struct folio *folio = bio->bi_private;

	if (!bio->bi_status)
		folio_mark_uptodate(folio);
	folio_unlock(folio);
	bio_put(bio);
}

static int ginkgo_read_folio(struct file *file, struct folio *folio)
{
	struct bio *bio = bio_alloc(1, GFP_KERNEL);

	if (!bio) {
		folio_unlock(folio);
		return -ENOMEM;
	}
	bio->bi_private = folio;
	bio->bi_end_io = ginkgo_end_io;
	bio_add_folio(bio, folio, folio_size(folio), 0);
	submit_bio(bio);
	return 0;		/* ok: read_folio.unlocks */
}

const struct address_space_operations ginkgo_aops = {
	.read_folio = ginkgo_read_folio,
};
