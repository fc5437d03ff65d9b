// SPDX-License-Identifier: GPL-2.0-only
/// The mapping below has a lock of its own.
// Kernel: 6.8
#include <linux/pagemap.h>

static int stonecrop_read_folio(struct file *file, struct folio *folio)
{
	struct address_space *lower = folio->mapping->host->i_private;

	filemap_invalidate_lock(lower);	/* ok: read_folio.no_relock */
	lower->host->i_size++;
	filemap_invalidate_unlock(lower);
	return generic_read_folio(file, folio);
}

const struct address_space_operations stonecrop_aops = {
	.read_folio = stonecrop_read_folio,
};
