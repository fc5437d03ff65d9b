// SPDX-License-Identifier: GPL-2.0-only
/// The inode is given back by what is around it, where the one accessor is the way back of the other.
// Kernel: 6.8
#include <linux/fs.h>

struct whinchat {
	struct inode vfs_inode, other;
};

struct inode *igrab(struct inode *inode);
int whinchat_look(struct inode *dir);

static inline struct whinchat *WHINCHAT_I(struct inode *inode)
{
	return container_of(inode, struct whinchat, vfs_inode);
}

static inline struct inode *VFS_I(struct whinchat *whinchat)
{
	return &whinchat->vfs_inode;
}

static void whinchat_rele(struct whinchat *whinchat)
{
	iput(VFS_I(whinchat));
}

static void whinchat_drop(struct whinchat *whinchat)
{
	iput(&whinchat->other);
}

static struct dentry *whinchat_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct inode *inode = igrab(dir);

	if (!inode)
		return ERR_PTR(-EIO);
	if (flags) {
		whinchat_drop(WHINCHAT_I(inode));
		iput(inode);
		return ERR_PTR(-EIO);
	}
	if (whinchat_look(dir)) {
		whinchat_rele(WHINCHAT_I(inode));
		return ERR_PTR(-EIO);
	}
	iput(inode);
	return NULL;
}

const struct inode_operations whinchat_iops = {
	.lookup = whinchat_lookup,
};
