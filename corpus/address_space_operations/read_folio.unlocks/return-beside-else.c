// SPDX-License-Identifier: GPL-2.0-only
/// Returns stand in both arms of an `if`: one of them forgets the unlock that the other one makes.
// Source: after an out-of-tree ->writepage, whose return in the arm of an `if` with an `else` spatch did not star
#include <linux/pagemap.h>
#include <linux/store.h>

static int orache_read_folio(struct file *file, struct folio *folio)
{
	struct inode *inode = folio->mapping->host;
	int err;

	if (folio_pos(folio) < i_size_read(inode)) {
		err = store_read(inode, folio_pos(folio), folio_address(folio), PAGE_SIZE);
		if (err)
			return err;	/* violates: read_folio.unlocks */
	} else {
		memset(folio_address(folio), 0, PAGE_SIZE);
		if (!inode->i_sb) {
			folio_unlock(folio);
			return -EIO;	/* ok: read_folio.unlocks */
		}
	}
	folio_mark_uptodate(folio);
	folio_unlock(folio);
	return 0;	/* ok: read_folio.unlocks */
}

const struct address_space_operations orache_aops = {
	.read_folio = orache_read_folio,
};
