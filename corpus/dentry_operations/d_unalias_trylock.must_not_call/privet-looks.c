// SPDX-License-Identifier: GPL-2.0-only
/// The flags are read under d_lock, which is taken for that.
// Kernel: 6.8
#include <linux/fs.h>

static bool privet_unalias_trylock(const struct dentry *dentry)
{
	struct dentry *alias = (struct dentry *)dentry;
	bool idle;

	spin_lock(&alias->d_lock);
	idle = !alias->d_flags;
	spin_unlock(&alias->d_lock);	/* ok: d_unalias_trylock.must_not_call */
	return idle;
}

const struct dentry_operations privet_dops = {
	.d_unalias_trylock = privet_unalias_trylock,
};
