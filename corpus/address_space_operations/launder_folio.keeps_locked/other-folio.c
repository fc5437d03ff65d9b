// SPDX-License-Identifier: GPL-2.0-only
/// What is locked and unlocked is another folio.
#include <linux/pagemap.h>
#include <linux/store.h>

struct yarrow_info {
	struct folio *map;
};

static int yarrow_launder_folio(struct folio *folio)
{
	struct yarrow_info *info = folio->mapping->host->i_private;
	struct folio *map = info->map;

	folio_lock(map);	/* ok: launder_folio.keeps_locked */
	folio_set_error(map);
	folio_unlock(map);
	return 0;	/* ok: launder_folio.keeps_locked */
}

const struct address_space_operations yarrow_aops = {
	.launder_folio = yarrow_launder_folio,
};
