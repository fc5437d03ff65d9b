// SPDX-License-Identifier: GPL-2.0-only
/// A helper unlocks by a value that it is handed: who hands in another one keeps the folio locked.
// Fixable: no
#include <linux/pagemap.h>
#include <linux/store.h>

static void curlew_done(struct folio *folio, int err)
{
	if (err)
		folio_unlock(folio);
}

static void curlew_all_done(struct folio *folio, int err) { curlew_done(folio, err); }

static int curlew_read_folio(struct file *file, struct folio *folio)
{
	struct inode *inode = folio->mapping->host;
	int err = store_read(inode, folio_pos(folio), page_address(&folio->page), folio_size(folio));

	curlew_all_done(folio, err);
	return err;	/* violates: read_folio.unlocks */
}

static int stint_read_folio(struct file *file, struct folio *folio)
{
	struct inode *inode = folio->mapping->host;
	int err = store_read(inode, folio_pos(folio), page_address(&folio->page), folio_size(folio));

	curlew_done(folio, err);
	if (!err)
		folio_unlock(folio);
	return err;	/* ok: read_folio.unlocks */
}

const struct address_space_operations curlew_aops = { .read_folio = curlew_read_folio };
const struct address_space_operations stint_aops = { .read_folio = stint_read_folio };
