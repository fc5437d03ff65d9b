// SPDX-License-Identifier: GPL-2.0-only
/// The early return comes before the first folio was taken; the caller keeps those.
#include <linux/bio.h>
#include <linux/pagemap.h>

static void zinnia_end_io(struct bio *bio)
{
	folio_unlock(bio->bi_private);
	bio_put(bio);
}

static void zinnia_readahead(struct readahead_control *rac)
{
	struct folio *folio;
	struct bio *bio;

	if (!rac->mapping->host->i_private)
		return;		/* ok: readahead.unlocks */

	while ((folio = readahead_folio(rac))) {
		bio = bio_alloc(1, GFP_KERNEL);
		if (!bio) {
			folio_unlock(folio);
			return;	/* ok: readahead.unlocks */
		}
		bio->bi_private = folio;
		bio->bi_end_io = zinnia_end_io;
		bio_add_folio(bio, folio, folio_size(folio), 0);
		submit_bio(bio);
	}
}

const struct address_space_operations zinnia_aops = {
	.readahead = zinnia_readahead,
};
