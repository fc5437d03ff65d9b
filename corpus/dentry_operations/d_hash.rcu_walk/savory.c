// SPDX-License-Identifier: GPL-2.0-only
/// The inode gives up its names behind a grace period, and the super block what only the old way of hashing used.
// Kernel: 6.8
#include <linux/fs.h>

struct savory_info {
	void *rcu;
	unsigned int longest;
	char *journal;
};

void kfree_rcu(struct savory_info *info, void *head);

static int savory_d_hash(const struct dentry *dentry, struct qstr *name)
{
	struct savory_info *info = dentry->d_sb->s_fs_info;
	const struct inode *dir = dentry->d_inode;

	if (name->len > info->longest || !dir)
		return 0;
	name->hash = *(unsigned int *)dir->i_private;
	return 0;
}

static void savory_free_inode(struct inode *inode)
{
	kfree(inode->i_private);	/* ok: d_hash.rcu_walk */
}

static void savory_put_super(struct super_block *sb)
{
	struct savory_info *info = sb->s_fs_info;

	kfree(info->journal);	/* ok: d_hash.rcu_walk */
	kfree_rcu(info, info->rcu);
}

const struct dentry_operations savory_dentry_ops = {
	.d_hash = savory_d_hash,
};
const struct super_operations savory_super_ops = {
	.put_super = savory_put_super,
	.free_inode = savory_free_inode,
};
