// SPDX-License-Identifier: GPL-2.0-only
/// A server tests that there is a method and calls it twice, and has not locked the inode.
// Fixable: no
// Source: after the shape of 999653786df6 ("nfsd: check permissions when setting ACLs"), put before ->setattr
#include <linux/dcache.h>

struct teasel_procedure {
	int (*serve)(struct dentry *dentry, struct iattr *attr);
};

static int teasel_set(struct dentry *dentry, struct iattr *access, struct iattr *fallback)
{
	struct inode *inode = d_inode(dentry);
	int err = -EROFS;

	if (!inode->i_op->setattr)
		goto out;
	err = inode->i_op->setattr(NULL, dentry, access);	/* violates: setattr.callers low */
	if (err)
		goto out;
	err = inode->i_op->setattr(NULL, dentry, fallback);	/* violates: setattr.callers low */
out:
	return err;
}

static int teasel_serve(struct dentry *dentry, struct iattr *attr)
{
	return teasel_set(dentry, attr, attr);
}

const struct teasel_procedure teasel_procedures = {
	.serve = teasel_serve,
};
