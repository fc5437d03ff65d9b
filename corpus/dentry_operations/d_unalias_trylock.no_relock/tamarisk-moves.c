// SPDX-License-Identifier: GPL-2.0-only
/// The lock that is tried is the one of the file system's own renames.
// Kernel: 6.8
#include <linux/fs.h>

static spinlock_t tamarisk_moves;

static bool tamarisk_unalias_trylock(const struct dentry *dentry)
{
	if (dentry->d_flags & 2)
		return false;
	return spin_trylock(&tamarisk_moves);	/* ok: d_unalias_trylock.no_relock */
}

const struct dentry_operations tamarisk_dops = {
	.d_unalias_trylock = tamarisk_unalias_trylock,
};
