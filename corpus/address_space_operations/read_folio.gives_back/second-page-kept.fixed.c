// SPDX-License-Identifier: GPL-2.0-only
/// The page behind the one that is read is grabbed too, and kept when the store cannot be read.
// Source: after the shape of 21db2cdc667f ("afs: Fix page leak on afs_write_begin() failure"), put into ->read_folio
#include <linux/pagemap.h>
#include <linux/store.h>

static int mallow_read_folio(struct file *file, struct folio *folio)
{
	struct page *next;
	int err;

	next = grab_cache_page_nowait(folio->mapping, folio->index + 1);
	if (!next) {
		folio_unlock(folio);
		return -ENOMEM;
	}
	err = store_read(folio->mapping->host, folio_pos(folio), page_address(next), PAGE_SIZE);
	if (err) {
		folio_unlock(folio);
		unlock_page(next);
		put_page(next);
		return err;
	}
	SetPageUptodate(next);
	unlock_page(next);
	put_page(next);
	folio_unlock(folio);
	return 0;
}

const struct address_space_operations mallow_aops = {
	.read_folio = mallow_read_folio,
};
