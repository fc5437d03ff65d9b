// SPDX-License-Identifier: GPL-2.0-only
/// d_lock is dropped around a look at the parent, and nobody has taken it.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static bool privet_unalias_trylock(const struct dentry *dentry)
{
	struct dentry *alias = (struct dentry *)dentry;
	bool idle;

	spin_unlock(&alias->d_lock);	/* violates: d_unalias_trylock.must_not_call moderate */
	idle = !alias->d_parent->d_flags;
	spin_lock(&alias->d_lock);
	return idle;
}

const struct dentry_operations privet_dops = {
	.d_unalias_trylock = privet_unalias_trylock,
};
