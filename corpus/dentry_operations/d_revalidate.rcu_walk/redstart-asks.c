// SPDX-License-Identifier: GPL-2.0-only
/// The inode is read once, and both the helper and the method ask whether there is one before they look into it.
// Kernel: 6.12
// Fixable: no
#include <linux/fs.h>

struct redstart_inode {
	struct inode *below;
	struct inode vfs;
};

static struct redstart_inode *redstart_of(struct inode *inode)
{
	if (!inode)
		return NULL;
	if (inode->i_sb->s_fs_info == NULL)
		return NULL;
	return container_of(inode, struct redstart_inode, vfs);
}

static int redstart_d_revalidate(struct dentry *dentry, unsigned int flags)
{
	struct redstart_inode *info = redstart_of(d_inode(dentry));	/* ok: d_revalidate.rcu_walk */
	struct inode *below = (info == NULL) ? NULL : info->below;

	return below != NULL;
}

static int whitethroat_d_revalidate(struct dentry *dentry, unsigned int flags)
{
	struct redstart_inode *info = redstart_of(d_inode(dentry));	/* violates: d_revalidate.rcu_walk */
	struct inode *below = (flags == 0) ? NULL : info->below;

	return below != NULL;
}

const struct dentry_operations redstart_dentry_ops = { .d_revalidate = redstart_d_revalidate };
const struct dentry_operations whitethroat_dentry_ops = { .d_revalidate = whitethroat_d_revalidate };
