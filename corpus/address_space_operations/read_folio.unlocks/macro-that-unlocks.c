// SPDX-License-Identifier: GPL-2.0-only
/// A macro marks and unlocks, and another one unlocks only what is not up to date.
// Fixable: no
#include <linux/pagemap.h>
#include <linux/store.h>

#define YARROW_DONE(folio)			\
	do {					\
		folio_mark_uptodate(folio);	\
		folio_unlock(folio);		\
	} while (0)

#define YARROW_GIVE_UP(f)			\
	do {					\
		if (!folio_test_uptodate(f))	\
			folio_unlock(f);	\
	} while (0)

static int yarrow_read_folio(struct file *file, struct folio *folio)
{
	struct inode *inode = folio->mapping->host;
	int err;

	err = store_read(inode, folio_pos(folio), folio_address(folio), folio_size(folio));
	if (err) {
		YARROW_GIVE_UP(folio);
		return err;	/* violates: read_folio.unlocks moderate */
	}
	YARROW_DONE(folio);
	return 0;	/* ok: read_folio.unlocks */
}

const struct address_space_operations yarrow_aops = {
	.read_folio = yarrow_read_folio,
};
