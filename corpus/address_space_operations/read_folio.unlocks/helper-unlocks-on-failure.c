// SPDX-License-Identifier: GPL-2.0-only
/// The helper that fetches the key unlocks the folio itself when there is none.
#include <linux/pagemap.h>
#include <linux/store.h>

static int lily_check(struct folio *folio)
{
	if (folio->mapping->host->i_private)
		return 0;
	folio_set_error(folio);
	folio_unlock(folio);
	return -EINVAL;
}

static int lily_read_folio(struct file *file, struct folio *folio)
{
	struct inode *inode = folio->mapping->host;
	int err;

	err = lily_check(folio);
	if (err)
		return err;	/* ok: read_folio.unlocks */

	err = store_read(inode, folio_pos(folio), page_address(&folio->page), PAGE_SIZE);
	if (!err)
		folio_mark_uptodate(folio);
	folio_unlock(folio);
	return err;
}

const struct address_space_operations lily_aops = {
	.read_folio = lily_read_folio,
};
