// SPDX-License-Identifier: GPL-2.0-only
/// What ->open leaves in the file is there for every other method: the test of it cannot fail.
// Fixable: no
#include <linux/pagemap.h>
#include <linux/store.h>

static int orache_read_folio(struct file *file, struct folio *folio)
{
	int err;

	if (!file->private_data)
		return -EBADF;		/* violates: read_folio.unlocks low */
	err = store_read(folio->mapping->host, folio_pos(folio), page_address(&folio->page), folio_size(folio));
	folio_unlock(folio);
	return err;
}

const struct address_space_operations orache_aops = {
	.read_folio = orache_read_folio,
};
