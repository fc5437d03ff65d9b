// SPDX-License-Identifier: GPL-2.0-only
/// The chunk's other folios are grabbed, filled and unlocked by the name that the given one has in between; it is not.
#include <linux/methods.h>
#include <linux/pagemap.h>
#include <linux/store.h>

#define TANSY_FOLIOS 8

static int tansy_fill_chunk(struct address_space *mapping, struct folio *target, pgoff_t first)
{
	struct folio *folio;
	int i, err = 0;

	for (i = 0; i < TANSY_FOLIOS && !err; i++) {
		if (first + i == target->index) {
			folio = target;
		} else {
			folio = filemap_grab_folio(mapping, first + i);
			if (IS_ERR(folio))
				continue;
		}
		err = store_read(mapping->host, folio_pos(folio), folio_address(folio), folio_size(folio));
		if (folio != target) {
			folio_unlock(folio);
			folio_put(folio);
		}
	}
	return err;
}

static int tansy_read_folio(struct file *file, struct folio *folio)
{
	int err = tansy_fill_chunk(folio->mapping, folio, folio->index & ~(TANSY_FOLIOS - 1));

	if (!err)
		folio_mark_uptodate(folio);
	folio_unlock(folio);
	return err;	/* ok: read_folio.unlocks */
}

const struct address_space_operations tansy_aops = {
	.read_folio = tansy_read_folio,
};
