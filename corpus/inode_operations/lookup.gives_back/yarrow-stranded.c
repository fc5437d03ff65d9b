// SPDX-License-Identifier: GPL-2.0-only
/// Who gives back his one reference to a page that he has locked leaves the lock to nobody, whatever he returns.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>
#include <linux/pagemap.h>

struct folio *filemap_lock_folio(struct address_space *mapping, pgoff_t index);
void folio_get(struct folio *folio);
void folio_put(struct folio *folio);
int yarrow_fill(struct inode *dir);
void yarrow_wait(struct inode *dir);

static int yarrow_leaves(struct inode *dir)
{
	struct folio *folio;

again:
	folio = filemap_lock_folio(dir->i_mapping, 0);
	if (IS_ERR(folio))
		return PTR_ERR(folio);	/* ok: lookup.gives_back */
	if (yarrow_fill(dir)) {
		folio_put(folio);	/* violates: lookup.gives_back moderate */
		goto again;
	}
	folio_unlock(folio);
	folio_put(folio);
	return 0;
}

static int yarrow_pins(struct inode *dir)
{
	struct folio *folio = filemap_lock_folio(dir->i_mapping, 1);

	if (IS_ERR(folio))
		return PTR_ERR(folio);	/* ok: lookup.gives_back */
	folio_get(folio);
	folio_put(folio);	/* ok: lookup.gives_back */
	folio_unlock(folio);
	yarrow_wait(dir);
	folio_put(folio);
	return 0;
}

static struct dentry *yarrow_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	int err = yarrow_leaves(dir);

	return ERR_PTR(err ? err : yarrow_pins(dir));
}

const struct inode_operations yarrow_iops = { .lookup = yarrow_lookup };
