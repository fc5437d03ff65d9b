// SPDX-License-Identifier: GPL-2.0-only
/// A dying dentry cannot move any more, so nobody holds rename_lock, which is released.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static void chervil_d_release(struct dentry *dentry)
{
	kfree(dentry->d_fsdata);
	dentry->d_fsdata = NULL;
	read_sequnlock_excl(&rename_lock);	/* violates: d_release.must_not_call moderate */
}

const struct dentry_operations chervil_dops = {
	.d_release = chervil_d_release,
};
