// SPDX-License-Identifier: GPL-2.0-only
/// What the names are read from is got by a getter that asks another getter; neither locks.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

struct clover_conn {
	unsigned int names;
};

static inline struct clover_conn *clover_get_conn_super(struct super_block *sb)
{
	return sb->s_fs_info;
}

static inline struct clover_conn *clover_get_conn(struct inode *inode)
{
	return clover_get_conn_super(inode->i_sb);
}

static ssize_t clover_listxattr(struct dentry *dentry, char *buffer, size_t size)
{
	struct inode *inode = d_inode(dentry);
	struct clover_conn *conn = clover_get_conn(inode);

	inode_unlock(inode);	/* violates: listxattr.must_not_call moderate */
	return conn->names;
}

const struct inode_operations clover_iops = {
	.listxattr = clover_listxattr,
};
