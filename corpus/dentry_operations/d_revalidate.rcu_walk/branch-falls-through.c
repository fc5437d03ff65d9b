// SPDX-License-Identifier: GPL-2.0-only
/// The branch of rcu-walk reads its parent as it should, and then goes the way of all others, to the server.
// Kernel: 6.12
// Fixable: no
// Source: after the shape of aa8dd816732b ("ceph: fix RCU case handling in ceph_d_revalidate()"), with a wait in the place of the plain read
#include <linux/fs.h>

struct jarrah_server {
	struct mutex lock;
};

static int jarrah_ask(struct jarrah_server *server, struct inode *dir, struct inode *inode)
{
	int valid;

	mutex_lock(&server->lock);
	valid = !inode || inode->i_sb == dir->i_sb;
	mutex_unlock(&server->lock);
	return valid;
}

static int jarrah_d_revalidate(struct dentry *dentry, unsigned int flags)
{
	struct inode *dir;

	if (flags & LOOKUP_RCU) {
		dir = dentry->d_fsdata;
		if (!dir)
			return -ECHILD;
	} else {
		dir = d_inode(dentry);
	}
	return jarrah_ask(dentry->d_sb->s_fs_info, dir, dentry->d_inode);	/* violates: d_revalidate.rcu_walk */
}

const struct dentry_operations jarrah_dentry_ops = {
	.d_revalidate = jarrah_d_revalidate,
};
