// SPDX-License-Identifier: GPL-2.0-only
/// Only kernels that are older than this tree return with the folio locked; one more such return is commented out with `#if 0`.
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/version.h>

static int brooklime_read_folio(struct file *file, struct folio *folio)
{
	struct inode *inode = folio->mapping->host;
	int err = store_reserve(inode, folio_size(folio));

#if LINUX_VERSION_CODE < KERNEL_VERSION(4, 0, 0)
	if (err)
		return err;	/* ok: read_folio.unlocks */
#elif 1
	if (err)
		goto out;
#endif
#if 0
	return 0;
#endif
	err = store_read(inode, folio_pos(folio), page_address(&folio->page), folio_size(folio));
	if (!err)
		folio_mark_uptodate(folio);
out:
	folio_unlock(folio);
	return err;
}

const struct address_space_operations brooklime_aops = {
	.read_folio = brooklime_read_folio,
};
