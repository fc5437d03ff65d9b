// SPDX-License-Identifier: GPL-2.0-only
/// Each branch reads the inode once, in its own way, and only ref-walk asks the server.
// Kernel: 6.12
// Source: after the shape of the fixed aa8dd816732b ("ceph: fix RCU case handling in ceph_d_revalidate()")
#include <linux/fs.h>

struct karri_server {
	struct mutex lock;
};

static int karri_ask(struct karri_server *server, struct inode *dir, struct inode *inode)
{
	int valid;

	mutex_lock(&server->lock);
	valid = !inode || inode->i_sb == dir->i_sb;
	mutex_unlock(&server->lock);
	return valid;
}

static int karri_d_revalidate(struct dentry *dentry, unsigned int flags)
{
	struct inode *dir, *inode;
	int valid = 0;

	if (flags & LOOKUP_RCU) {
		dir = dentry->d_fsdata;
		if (!dir)
			return -ECHILD;
		inode = dentry->d_inode;
	} else {
		dir = dentry->d_fsdata;
		inode = d_inode(dentry);
	}
	if (inode && inode->i_nlink)
		valid = 1;
	if (!valid) {
		if (flags & LOOKUP_RCU)
			return -ECHILD;
		valid = karri_ask(dentry->d_sb->s_fs_info, dir, inode);	/* ok: d_revalidate.rcu_walk */
	}
	return valid;
}

const struct dentry_operations karri_dentry_ops = {
	.d_revalidate = karri_d_revalidate,
};
