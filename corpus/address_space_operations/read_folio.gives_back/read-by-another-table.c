// SPDX-License-Identifier: GPL-2.0-only
/// A page of the cache file is read through its own table, which unlocks it whatever it returns; left alone, it stays locked.
#include <linux/pagemap.h>
#include <linux/store.h>

static int bistort_read_folio(struct file *file, struct folio *folio)
{
	struct address_space *mapping = folio->mapping->host->i_sb->s_fs_info;
	struct page *kept = find_get_page(mapping, folio->index);
	int err = 0;

	folio_unlock(folio);
	if (!kept)
		return -ENOENT;	/* ok: read_folio.gives_back */
	lock_page(kept);
	if (!PageUptodate(kept)) {
		err = mapping->a_ops->read_folio(NULL, page_folio(kept));
		put_page(kept);
		return err;	/* ok: read_folio.gives_back */
	}
	err = store_read(mapping->host, 0, page_address(kept), PAGE_SIZE);
	if (err) {
		put_page(kept);
		return err;	/* violates: read_folio.gives_back */
	}
	unlock_page(kept);
	put_page(kept);
	return 0;	/* ok: read_folio.gives_back */
}

const struct address_space_operations bistort_aops = {
	.read_folio = bistort_read_folio,
};
