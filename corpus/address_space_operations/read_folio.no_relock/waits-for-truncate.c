// SPDX-License-Identifier: GPL-2.0-only
/// The page cache reads under invalidate_lock, shared; here it is taken exclusively.
// Kernel: 6.8
// Fixable: no
#include <linux/pagemap.h>

static int stonecrop_read_folio(struct file *file, struct folio *folio)
{
	int err;

	filemap_invalidate_lock(folio->mapping);	/* violates: read_folio.no_relock */
	err = generic_read_folio(file, folio);
	filemap_invalidate_unlock(folio->mapping);
	return err;
}

const struct address_space_operations stonecrop_aops = {
	.read_folio = stonecrop_read_folio,
};
