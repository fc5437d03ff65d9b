// SPDX-License-Identifier: GPL-2.0-only
/// Called for each folio: more than zero leaves it to the generic code, an error does not.
// Kernel: 7.3
#include <linux/pagemap.h>

static int godwit_small(struct folio *folio, struct writeback_control *wbc)
{
	struct inode *inode = folio->mapping->host;

	if (!inode->i_private)
		return 1;	/* ok: writepages.unlocks */
	if (folio_pos(folio) >= inode->i_size)
		return -EIO;	/* violates: writepages.unlocks */
	folio_start_writeback(folio);
	memcpy(inode->i_private, folio->private, inode->i_size);
	folio_unlock(folio);
	folio_end_writeback(folio);
	return 0;		/* ok: writepages.unlocks */
}

static int godwit_writepages(struct address_space *mapping, struct writeback_control *wbc)
{
	return __mpage_writepages(mapping, wbc, NULL, godwit_small);
}

const struct address_space_operations godwit_aops = {
	.writepages = godwit_writepages,
};
