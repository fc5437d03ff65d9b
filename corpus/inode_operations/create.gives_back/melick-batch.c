// SPDX-License-Identifier: GPL-2.0-only
/// The lock of a folio is left behind where the loop goes on with the next one; one that a second loop unlocks is not.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>
#include <linux/pagemap.h>

struct melick_batch { int nr; struct folio *folios[15]; };
bool folio_test_dirty(struct folio *folio);

static int melick_write(struct melick_batch *batch)
{
	struct folio *folio;
	int i;

	for (i = 0; i < batch->nr; i++) {
		folio = batch->folios[i];	/* violates: create.gives_back moderate */
		folio_lock(folio);
		if (!folio_test_dirty(folio))
			continue;
		folio_unlock(folio);
	}
	return 0;	/* ok: create.gives_back */
}

static int melick_all(struct melick_batch *batch)
{
	struct folio *folio;
	int i;

	for (i = 0; i < batch->nr; i++) {
		folio = batch->folios[i];	/* ok: create.gives_back */
		folio_lock(folio);
		if (!folio_test_dirty(folio))
			folio_unlock(folio);
	}
	for (i = 0; i < batch->nr; i++)
		folio_unlock(batch->folios[i]);
	return 0;	/* ok: create.gives_back */
}

static int melick_create(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode, bool excl)
{
	return mode ? melick_write(dir->i_private) : melick_all(dir->i_private);
}

const struct inode_operations melick_iops = { .create = melick_create };
