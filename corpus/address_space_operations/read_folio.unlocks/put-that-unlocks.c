// SPDX-License-Identifier: GPL-2.0-only
/// A put that unlocks if it is told to, for a folio that may be an error: here it is told to, and there it is not.
#include <linux/methods.h>
#include <linux/pagemap.h>
#include <linux/store.h>

static void teasel_folio_put(struct folio *folio, bool unlock)
{
	if (IS_ERR_OR_NULL(folio))
		return;
	if (unlock)
		folio_unlock(folio);
	folio_put(folio);
}

static int teasel_read_folio(struct file *file, struct folio *folio)
{
	struct inode *inode = folio->mapping->host;
	int err;

	folio_get(folio);
	if (folio_pos(folio) >= i_size_read(inode)) {
		teasel_folio_put(folio, false);
		return -EINVAL;	/* violates: read_folio.unlocks */
	}
	err = store_read(inode, folio_pos(folio), folio_address(folio), folio_size(folio));
	if (!err)
		folio_mark_uptodate(folio);
	teasel_folio_put(folio, true);
	return err;	/* ok: read_folio.unlocks */
}

const struct address_space_operations teasel_aops = {
	.read_folio = teasel_read_folio,
};
