// SPDX-License-Identifier: GPL-2.0-only
/// An RCU callback takes a mutex.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static struct mutex chervil_mutex;

static void chervil_free_inode(struct inode *inode)
{
	mutex_lock(&chervil_mutex);	/* violates: free_inode.never_sleeps */
	kfree(inode->i_private);
	mutex_unlock(&chervil_mutex);
}

const struct super_operations chervil_sops = {
	.free_inode = chervil_free_inode,
};
