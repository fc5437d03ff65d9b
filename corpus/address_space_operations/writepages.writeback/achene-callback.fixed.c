// SPDX-License-Identifier: GPL-2.0-only
/// A generic loop calls back for each folio; small files are copied and unlocked there.
// Kernel: 7.3
#include <linux/pagemap.h>

static int achene_small(struct folio *folio, struct writeback_control *wbc)
{
	struct inode *inode = folio->mapping->host;
	void *data;

	if (!inode->i_private)
		return 1;
	folio_start_writeback(folio);
	data = kmap_local_folio(folio, 0);
	memcpy(inode->i_private, data, inode->i_size);
	kunmap_local(data);
	folio_unlock(folio);
	mark_inode_dirty(inode);
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
