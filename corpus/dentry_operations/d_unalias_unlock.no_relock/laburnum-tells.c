// SPDX-License-Identifier: GPL-2.0-only
/// The sequence lock that is taken tells of the file system's own tree.
// Kernel: 6.8
#include <linux/fs.h>

static seqlock_t laburnum_tree;

static void laburnum_unalias_unlock(const struct dentry *dentry)
{
	write_seqlock(&laburnum_tree);	/* ok: d_unalias_unlock.no_relock */
	((struct dentry *)dentry)->d_flags--;
	write_sequnlock(&laburnum_tree);
}

const struct dentry_operations laburnum_dops = {
	.d_unalias_unlock = laburnum_unalias_unlock,
};
