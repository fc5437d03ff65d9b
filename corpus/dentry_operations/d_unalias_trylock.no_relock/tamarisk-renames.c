// SPDX-License-Identifier: GPL-2.0-only
/// Splicing comes with rename_lock, and the method waits for it once more.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static bool tamarisk_unalias_trylock(const struct dentry *dentry)
{
	bool busy;

	write_seqlock(&rename_lock);	/* violates: d_unalias_trylock.no_relock */
	busy = dentry->d_flags & 2;
	write_sequnlock(&rename_lock);
	return !busy;
}

const struct dentry_operations tamarisk_dops = {
	.d_unalias_trylock = tamarisk_unalias_trylock,
};
