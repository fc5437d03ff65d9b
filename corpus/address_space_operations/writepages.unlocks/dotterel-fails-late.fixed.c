// SPDX-License-Identifier: GPL-2.0-only
/// Who is called for each folio fails with it locked: what is unlocked there is to stay dirty.
// Kernel: 7.3
#include <linux/pagemap.h>
#include <linux/store.h>

static int dotterel_write(struct folio *folio, struct writeback_control *wbc)
{
	struct inode *inode = folio->mapping->host;
	int err;

	if (store_reserve(inode, 0)) {
		err = -EIO;
		goto out_redirty;
	}
	err = store_reserve(inode, 4096);
	if (err < 0)
		goto out_redirty;
	folio_start_writeback(folio);
	folio_unlock(folio);
	folio_end_writeback(folio);
	return 0;

out_redirty:
	folio_redirty_for_writepage(wbc, folio);
	folio_unlock(folio);
	return err;
}

static int dotterel_writepages(struct address_space *mapping, struct writeback_control *wbc)
{
	return __mpage_writepages(mapping, wbc, NULL, dotterel_write);
}

const struct address_space_operations dotterel_aops = {
	.writepages = dotterel_writepages,
};
