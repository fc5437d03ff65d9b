// SPDX-License-Identifier: GPL-2.0-only
/// Behind unlikely() the error path forgets the lock.
// Fixable: no
#include <linux/pagemap.h>
#include <linux/store.h>
#define IS_ERR_OR_NULL(p) (!(p) || IS_ERR(p))
#include <linux/methods.h>

#define unlikely(x) __builtin_expect(!!(x), 0)

static int maidenhair_read_folio(struct file *file, struct folio *folio)
{
	struct inode *inode = folio->mapping->host;
	struct store *store = store_open(inode);

	if (unlikely(IS_ERR_OR_NULL(store)))
		return store ? (int)PTR_ERR(store) : -EIO;	/* violates: read_folio.unlocks */
	if (!store_read(inode, folio_pos(folio), page_address(&folio->page), folio_size(folio)))
		folio_mark_uptodate(folio);
	store_close(store);
	folio_unlock(folio);
	return 0;	/* ok: read_folio.unlocks */
}

const struct address_space_operations maidenhair_aops = {
	.read_folio = maidenhair_read_folio,
};
