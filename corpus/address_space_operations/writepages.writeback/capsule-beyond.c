// SPDX-License-Identifier: GPL-2.0-only
/// A folio beyond the end of the file is dropped, as generic code does: low.
// Kernel: 7.3
// Fixable: no
#include <linux/pagemap.h>

static int capsule_write(struct folio *folio, struct writeback_control *wbc)
{
	struct inode *inode = folio->mapping->host;
	loff_t size = i_size_read(inode);

	if (folio_pos(folio) >= size) {
		folio_unlock(folio);	/* violates: writepages.writeback low */
		return 0;
	}
	folio_start_writeback(folio);
	folio_unlock(folio);	/* ok: writepages.writeback */
	generic_write(inode, folio_pos(folio), folio->private, size);
	folio_end_writeback(folio);
	return 0;
}

static int capsule_writepages(struct address_space *mapping, struct writeback_control *wbc)
{
	struct folio *folio = NULL;
	int err = 0;

	while ((folio = writeback_iter(mapping, wbc, folio, &err)))
		err = capsule_write(folio, wbc);
	return err;
}

const struct address_space_operations capsule_aops = {
	.writepages = capsule_writepages,
};
