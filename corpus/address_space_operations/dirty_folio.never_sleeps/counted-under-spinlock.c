// SPDX-License-Identifier: GPL-2.0-only
/// Space is counted under i_lock.
// Kernel: 6.8
#include <linux/pagemap.h>

static bool dittany_dirty_folio(struct address_space *mapping, struct folio *folio)
{
	struct inode *inode = mapping->host;

	spin_lock(&inode->i_lock);	/* ok: dirty_folio.never_sleeps */
	inode->i_size++;
	spin_unlock(&inode->i_lock);
	return filemap_dirty_folio(mapping, folio);
}

const struct address_space_operations dittany_aops = {
	.dirty_folio = dittany_dirty_folio,
};
