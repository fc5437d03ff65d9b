// SPDX-License-Identifier: GPL-2.0-only
/// The callback does the whole contract, or leaves the folio, locked, to the generic code.
// Kernel: 7.3
#include <linux/pagemap.h>

static int achene_small(struct folio *folio, struct writeback_control *wbc)
{
	struct inode *inode = folio->mapping->host;

	if (!inode->i_private)
		return 1;
	memcpy(inode->i_private, folio->private, inode->i_size);
	folio_start_writeback(folio);
	folio_unlock(folio);	/* ok: writepages.writeback */
	folio_end_writeback(folio);
	return 0;
}

static int achene_writepages(struct address_space *mapping, struct writeback_control *wbc)
{
	return __mpage_writepages(mapping, wbc, NULL, achene_small);
}

const struct address_space_operations achene_aops = {
	.writepages = achene_writepages,
};
