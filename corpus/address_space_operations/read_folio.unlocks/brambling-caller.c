// SPDX-License-Identifier: GPL-2.0-only
/// One who calls the method himself unlocks what it leaves locked: a second unlock inside would be his folio's undoing.
// Fixable: no
#include <linux/pagemap.h>
#include <linux/store.h>

static int brambling_read_folio(struct file *file, struct folio *folio)
{
	struct inode *inode = folio->mapping->host;
	int err;

	if (store_sealed(inode))
		return -EIO;	/* violates: read_folio.unlocks */
	err = store_read(inode, folio_pos(folio), folio_address(folio), folio_size(folio));
	if (!err)
		folio_mark_uptodate(folio);
	folio_unlock(folio);
	return err;
}

int brambling_fill(struct inode *inode, pgoff_t index)
{
	struct folio *folio = filemap_grab_folio(inode->i_mapping, index);
	int err;

	if (!folio)
		return -ENOMEM;
	err = brambling_read_folio(NULL, folio);
	if (err < 0)
		folio_unlock(folio);
	folio_put(folio);
	return err;
}

const struct address_space_operations brambling_aops = {
	.read_folio = brambling_read_folio,
};
