// SPDX-License-Identifier: GPL-2.0-only
/// rename_lock is dropped for a wait before the mount is made.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

void cress_wait(void);

static struct vfsmount *cress_d_automount(struct path *path)
{
	bool busy;

	write_sequnlock(&rename_lock);	/* violates: d_automount.must_not_call moderate */
	cress_wait();
	write_seqlock(&rename_lock);
	busy = path->dentry->d_flags & 8;
	return busy ? NULL : vfs_submount(path->dentry, "cress");
}

const struct dentry_operations cress_dops = {
	.d_automount = cress_d_automount,
};
