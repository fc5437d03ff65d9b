// SPDX-License-Identifier: GPL-2.0-only
/// The error exit lies inside a scoped_guard(), which no C parser knows.
#include <linux/cleanup.h>
#include <linux/pagemap.h>
#include <linux/store.h>

static int garlic_lock;

static int garlic_read_folio(struct file *file, struct folio *folio)
{
	struct inode *inode = folio->mapping->host;
	int err;

	scoped_guard(mutex, &garlic_lock) {
		err = store_reserve(inode, folio_size(folio));
		if (err)
			return err;	/* violates: read_folio.unlocks */
	}

	err = store_read(inode, folio_pos(folio), page_address(&folio->page), folio_size(folio));
	if (!err)
		folio_mark_uptodate(folio);
	folio_unlock(folio);
	return err;
}

const struct address_space_operations garlic_aops = {
	.read_folio = garlic_read_folio,
};
