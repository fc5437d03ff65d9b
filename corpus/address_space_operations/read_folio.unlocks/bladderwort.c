// SPDX-License-Identifier: GPL-2.0-only
/// Each case falls into the one that unlocks.
#include <linux/pagemap.h>
#include <linux/store.h>

enum bladderwort_kind {
	BLADDERWORT_HOLE,
	BLADDERWORT_INLINE,
	BLADDERWORT_STORED,
};

enum bladderwort_kind bladderwort_kind(struct inode *inode, loff_t pos);

static int bladderwort_read_folio(struct file *file, struct folio *folio)
{
	struct inode *inode = folio->mapping->host;
	int err = 0;

	switch (bladderwort_kind(inode, folio_pos(folio))) {
	case BLADDERWORT_STORED:
		err = store_read(inode, folio_pos(folio), page_address(&folio->page), folio_size(folio));
		if (err)
			goto bad;
		__attribute__((fallthrough));
	case BLADDERWORT_INLINE:
		folio_mark_uptodate(folio);
		__attribute__((fallthrough));
	case BLADDERWORT_HOLE:
	default:
		folio_unlock(folio);
		break;
	bad:
		folio_set_error(folio);
		folio_unlock(folio);
		break;
	}
	return err;	/* ok: read_folio.unlocks */
}

const struct address_space_operations bladderwort_aops = {
	.read_folio = bladderwort_read_folio,
};
