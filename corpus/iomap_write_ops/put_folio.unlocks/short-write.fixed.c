// SPDX-License-Identifier: GPL-2.0-only
/// A write that came to nothing leaves the folio locked.
// Kernel: 7.3
#include <linux/iomap.h>

static void lavender_put_folio(struct inode *inode, loff_t pos, struct folio *folio)
{
	if (pos >= inode->i_size) {
		folio_unlock(folio);
		folio_put(folio);
		return;
	}
	folio_unlock(folio);
	folio_put(folio);
}

const struct iomap_write_ops lavender_write_ops = {
	.put_folio = lavender_put_folio,
};
