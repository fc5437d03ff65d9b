// SPDX-License-Identifier: GPL-2.0-only
/// One way that does well keeps what all others give back, or away: nobody comes to know of it there.
// Kernel: 6.8
#include <linux/fs.h>

struct folio *filemap_get_folio(struct address_space *mapping, pgoff_t index);
void folio_put(struct folio *folio);
int vetch_is_there(struct dentry *dentry);

static struct folio *vetch_kept;

static int vetch_sow(struct inode *dir, struct dentry *dentry, bool keep)
{
	struct folio *folio = filemap_get_folio(dir->i_mapping, 0);

	if (IS_ERR(folio))
		return PTR_ERR(folio);
	if (!vetch_is_there(dentry)) {
		folio_put(folio);
		return 0;
	}
	if (keep) {
		vetch_kept = folio;
		return 1;
	}
	folio_put(folio);
	return 0;
}

static bool vetch_opens(struct inode *dir)
{
	struct folio *folio = filemap_get_folio(dir->i_mapping, 1);

	if (IS_ERR(folio))
		return false;
	if (dir->i_size > 4) {
		folio_put(folio);
		return false;
	}
	if (dir->i_size > 2) {
		folio_put(folio);
		return false;
	}
	vetch_kept = folio;
	return true;
}

static struct dentry *vetch_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	return ERR_PTR(vetch_opens(dir) ? 0 : vetch_sow(dir, dentry, flags));
}

const struct inode_operations vetch_iops = { .lookup = vetch_lookup };
