// SPDX-License-Identifier: GPL-2.0-only
/// The folio is unlocked before anything else is looked at.
// Kernel: 7.3
#include <linux/iomap.h>

static void hyssop_put_folio(struct inode *inode, loff_t pos, struct folio *folio)
{
	folio_unlock(folio);
	if (pos >= inode->i_size)
		mark_inode_dirty(inode);
	folio_put(folio);
}	/* ok: put_folio.unlocks */

const struct iomap_write_ops hyssop_write_ops = {
	.put_folio = hyssop_put_folio,
};
