// SPDX-License-Identifier: GPL-2.0-only
/// The error exit is inside a macro, and in the branch that a configuration without checksums compiles.
// Fixable: no
#include <linux/pagemap.h>
#include <linux/store.h>

#define RETURN_ON_ERROR(err) do { if (err) return err; } while (0)

static int bistort_read_folio(struct file *file, struct folio *folio)
{
	struct inode *inode = folio->mapping->host;
	int err;

#ifdef CONFIG_BISTORT_SUMS
	err = store_reserve(inode, folio_size(folio));
	if (err)
		goto out;
#else
	err = store_reserve(inode, 1);
	RETURN_ON_ERROR(err);	/* violates: read_folio.unlocks */
#endif

	err = store_read(inode, folio_pos(folio), page_address(&folio->page), folio_size(folio));
	if (!err)
		folio_mark_uptodate(folio);
#ifdef CONFIG_BISTORT_SUMS
out:
#endif
	folio_unlock(folio);
	return err;
}

const struct address_space_operations bistort_aops = {
	.read_folio = bistort_read_folio,
};
