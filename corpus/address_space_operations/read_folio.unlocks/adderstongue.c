// SPDX-License-Identifier: GPL-2.0-only
/// `a ?: b` returns the error of the read; the folio is unlocked before in any case.
#include <linux/pagemap.h>
#include <linux/store.h>

static int adderstongue_check(struct folio *folio)
{
	return folio_test_uptodate(folio) ? 0 : -EIO;
}

static int adderstongue_read_folio(struct file *file, struct folio *folio)
{
	struct inode *inode = folio->mapping->host;
	int err = store_read(inode, folio_pos(folio), page_address(&folio->page), folio_size(folio));
	int bad = adderstongue_check(folio);

	folio_unlock(folio);
	return err ?: bad;	/* ok: read_folio.unlocks */
}

const struct address_space_operations adderstongue_aops = {
	.read_folio = adderstongue_read_folio,
};
