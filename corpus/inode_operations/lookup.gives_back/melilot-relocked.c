// SPDX-License-Identifier: GPL-2.0-only
/// A folio that was read is locked again for the caller, unless this fails: one failing way that gives it back shows that.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>
#include <linux/pagemap.h>

int melilot_read(struct folio *folio);

static int melilot_prepares(struct inode *dir, struct folio *folio)
{
	int err = melilot_read(folio);

	if (err)
		return err;	/* ok: lookup.gives_back */
	folio_unlock(folio);
	melilot_read(NULL);
	folio_lock(folio);
	if (!folio_test_uptodate(folio))
		return -EIO;	/* violates: lookup.gives_back moderate */
	if (folio->mapping != dir->i_mapping) {
		folio_unlock(folio);
		return -EAGAIN;	/* ok: lookup.gives_back */
	}
	return 0;	/* ok: lookup.gives_back */
}

static int melilot_waits(struct folio *folio)
{
	folio_unlock(folio);
	melilot_read(NULL);
	folio_lock(folio);
	return folio_test_uptodate(folio) ? 0 : -EIO;	/* ok: lookup.gives_back */
}

static struct dentry *melilot_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	return ERR_PTR(melilot_prepares(dir, dir->i_private) ?: melilot_waits(dir->i_private));
}

const struct inode_operations melilot_iops = { .lookup = melilot_lookup };
