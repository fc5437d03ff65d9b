// SPDX-License-Identifier: GPL-2.0-only
/// Either there is a bio, which took the folio, or the folio is unlocked here.
#include <linux/bio.h>
#include <linux/pagemap.h>

static void holly_end_io(struct bio *bio)
{
	folio_unlock(bio->bi_private);
	bio_put(bio);
}

static int holly_read_folio(struct file *file, struct folio *folio)
{
	struct inode *inode = folio->mapping->host;
	struct bio *bio = NULL;

	if (folio_pos(folio) < i_size_read(inode))
		bio = bio_alloc(1, GFP_KERNEL);
	if (bio) {
		bio->bi_private = folio;
		bio->bi_end_io = holly_end_io;
		bio_add_folio(bio, folio, folio_size(folio), 0);
	}

	if (bio)
		submit_bio(bio);
	else
		folio_unlock(folio);
	return 0;		/* ok: read_folio.unlocks */
}

const struct address_space_operations holly_aops = {
	.read_folio = holly_read_folio,
};
