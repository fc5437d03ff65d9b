// SPDX-License-Identifier: GPL-2.0-only
/// A jump past the unlock comes to where the folio is locked once more, and waits for itself.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>
#include <linux/pagemap.h>

struct folio *filemap_lock_folio(struct address_space *mapping, pgoff_t index);
void folio_put(struct folio *folio);
int knotgrass_map(struct inode *dir);
int knotgrass_write(struct inode *dir);
void knotgrass_mark(struct inode *dir);

static int knotgrass_expand(struct inode *dir, struct address_space *mapping)
{
	struct folio *folio = filemap_lock_folio(mapping, 0);
	int err;

	if (IS_ERR(folio))
		return PTR_ERR(folio);
	err = knotgrass_map(dir);
	if (err)
		goto restore;
	folio_unlock(folio);
	err = knotgrass_write(dir);
	if (err) {
restore:
		folio_lock(folio);	/* violates: lookup.gives_back moderate */
		knotgrass_mark(dir);
		folio_unlock(folio);
	}
	folio_put(folio);
	return err;	/* ok: lookup.gives_back */
}

static int knotgrass_shrink(struct inode *dir, struct address_space *mapping)
{
	struct folio *folio = filemap_lock_folio(mapping, 1);

	if (IS_ERR(folio))
		return PTR_ERR(folio);
	folio_unlock(folio);
	if (knotgrass_write(dir)) {
		folio_lock(folio);	/* ok: lookup.gives_back */
		knotgrass_mark(dir);
		folio_unlock(folio);
	}
	folio_put(folio);
	return 0;
}

static struct dentry *knotgrass_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	return ERR_PTR(knotgrass_expand(dir, dir->i_private) ?: knotgrass_shrink(dir, dir->i_private));
}

const struct inode_operations knotgrass_iops = { .lookup = knotgrass_lookup };
