// SPDX-License-Identifier: GPL-2.0-only
/// Readers are waited for after the splice, under a seqlock.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static void spindle_unalias_unlock(const struct dentry *dentry)
{
	while (dentry->d_flags & 4)
		msleep(2);	/* violates: d_unalias_unlock.never_sleeps */
}

const struct dentry_operations spindle_dops = {
	.d_unalias_unlock = spindle_unalias_unlock,
};
