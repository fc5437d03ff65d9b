// SPDX-License-Identifier: GPL-2.0-only
/// likely() and unlikely() around the tests change nothing.
#include <linux/pagemap.h>
#include <linux/store.h>

#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

static int horsetail_read_folio(struct file *file, struct folio *folio)
{
	struct inode *inode = folio->mapping->host;
	int err = store_read(inode, folio_pos(folio), page_address(&folio->page), folio_size(folio));

	if (likely(!err)) {
		folio_mark_uptodate(folio);
		folio_unlock(folio);
	}
	if (unlikely(err)) {
		folio_set_error(folio);
		folio_unlock(folio);
	}
	return err;	/* ok: read_folio.unlocks */
}

const struct address_space_operations horsetail_aops = {
	.read_folio = horsetail_read_folio,
};
