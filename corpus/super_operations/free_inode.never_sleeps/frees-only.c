// SPDX-License-Identifier: GPL-2.0-only
/// Memory may be freed anywhere.
// Kernel: 6.8
#include <linux/fs.h>

static void chervil_free_inode(struct inode *inode)
{
	kfree(inode->i_private);	/* ok: free_inode.never_sleeps */
	kfree(inode);
}

const struct super_operations chervil_sops = {
	.free_inode = chervil_free_inode,
};
