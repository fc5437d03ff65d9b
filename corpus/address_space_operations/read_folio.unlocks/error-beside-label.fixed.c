// SPDX-License-Identifier: GPL-2.0-only
/// One error exit returns where its neighbours go to the unlock label.
#include <linux/pagemap.h>
#include <linux/store.h>

static int fir_read_folio(struct file *file, struct folio *folio)
{
	struct inode *inode = folio->mapping->host;
	struct store *store;
	int err = 0;

	store = store_open(inode);
	if (!store) {
		err = -EBADF;
		goto out_unlock;
	}

	err = store_read(inode, folio_pos(folio), page_address(&folio->page), PAGE_SIZE);
	store_close(store);
	if (err)
		goto out_unlock;

	folio_mark_uptodate(folio);
out_unlock:
	folio_unlock(folio);
	return err;
}

const struct address_space_operations fir_aops = {
	.read_folio = fir_read_folio,
};
