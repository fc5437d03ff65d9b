// SPDX-License-Identifier: GPL-2.0-only
/// rename_lock is held until the splice is over, so its unlock must not take it.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static void laburnum_count(struct dentry *alias)
{
	read_seqlock_excl(&rename_lock);
	alias->d_flags--;
	read_sequnlock_excl(&rename_lock);
}

static void laburnum_unalias_unlock(const struct dentry *dentry)
{
	laburnum_count((struct dentry *)dentry);	/* violates: d_unalias_unlock.no_relock */
}

const struct dentry_operations laburnum_dops = {
	.d_unalias_unlock = laburnum_unalias_unlock,
};
