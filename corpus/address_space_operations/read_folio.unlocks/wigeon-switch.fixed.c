// SPDX-License-Identifier: GPL-2.0-only
/// A switch over what a helper returned: only where that is 1 has it unlocked, and one case forgets the rest.
#include <linux/pagemap.h>
#include <linux/store.h>

/* 1: filled and unlocked; 0: nothing to fill in; else an error. */
static int wigeon_fill(struct inode *inode, struct folio *folio)
{
	int err = store_sealed(inode);

	if (err < 0)
		return err;
	if (!err)
		return 0;
	folio_mark_uptodate(folio);
	folio_unlock(folio);
	return 1;
}

static int wigeon_read_folio(struct file *file, struct folio *folio)
{
	struct inode *inode = folio->mapping->host;
	int err;

	switch (wigeon_fill(inode, folio)) {
	case 1:
		return 0;
	case 0:
		break;
	default:
		folio_unlock(folio);
		return -EIO;
	}
	err = store_read(inode, folio_pos(folio), page_address(&folio->page), folio_size(folio));
	if (!err)
		folio_mark_uptodate(folio);
	folio_unlock(folio);
	return err;
}

const struct address_space_operations wigeon_aops = {
	.read_folio = wigeon_read_folio,
};
