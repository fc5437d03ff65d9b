// SPDX-License-Identifier: GPL-2.0-only
/// A semaphore of the attributes is taken first, which is not the one that is released.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

struct bryony_inode {
	struct rw_semaphore xattr_sem;
	struct inode vfs_inode;
};

static inline struct bryony_inode *BRYONY_I(struct inode *inode)
{
	return container_of(inode, struct bryony_inode, vfs_inode);
}

static ssize_t bryony_list(struct inode *inode, char *buffer, size_t size)
{
	return 0;
}

static ssize_t bryony_listxattr(struct dentry *dentry, char *buffer, size_t size)
{
	struct inode *inode = d_inode(dentry);
	ssize_t done;

	down_read(&BRYONY_I(inode)->xattr_sem);
	done = bryony_list(inode, buffer, size);
	inode_unlock(inode);	/* violates: listxattr.must_not_call moderate */
	up_read(&BRYONY_I(inode)->xattr_sem);
	return done;
}

const struct inode_operations bryony_iops = {
	.listxattr = bryony_listxattr,
};
