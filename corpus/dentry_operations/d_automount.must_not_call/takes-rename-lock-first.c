// SPDX-License-Identifier: GPL-2.0-only
/// rename_lock is held for one look at the flags.
// Kernel: 6.8
#include <linux/fs.h>

static struct vfsmount *cress_d_automount(struct path *path)
{
	bool busy;

	write_seqlock(&rename_lock);
	busy = path->dentry->d_flags & 8;
	write_sequnlock(&rename_lock);	/* ok: d_automount.must_not_call */
	return busy ? NULL : vfs_submount(path->dentry, "cress");
}

const struct dentry_operations cress_dops = {
	.d_automount = cress_d_automount,
};
