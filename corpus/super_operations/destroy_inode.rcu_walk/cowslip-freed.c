// SPDX-License-Identifier: GPL-2.0-only
/// The structure around an inode is freed while a walk may be looking at it, and so by a helper; behind ->free_inode none is.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

#define cowslip_around(inode) container_of(inode, struct cowslip_inode, vfs)

struct cowslip_inode { int block; struct inode vfs; };

static struct dentry *cowslip_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	return NULL;
}

static void cowslip_destroy_inode(struct inode *inode)
{
	struct cowslip_inode *own = cowslip_around(inode);

	kfree(own);	/* violates: destroy_inode.rcu_walk */
}

static void oxlip_drop(struct cowslip_inode *own)
{
	kfree(own);	/* violates: destroy_inode.rcu_walk */
}

static void oxlip_destroy_inode(struct inode *inode)
{
	oxlip_drop(cowslip_around(inode));
}

static void primrose_destroy_inode(struct inode *inode)
{
	cowslip_around(inode)->block = 0;	/* ok: destroy_inode.rcu_walk */
}

static void primrose_free_inode(struct inode *inode)
{
	kfree(cowslip_around(inode));	/* ok: destroy_inode.rcu_walk */
}

const struct inode_operations cowslip_iops = { .lookup = cowslip_lookup };

const struct super_operations cowslip_sops = { .destroy_inode = cowslip_destroy_inode };

const struct super_operations oxlip_sops = { .destroy_inode = oxlip_destroy_inode };

const struct super_operations primrose_sops = {
	.destroy_inode = primrose_destroy_inode,
	.free_inode = primrose_free_inode,
};
