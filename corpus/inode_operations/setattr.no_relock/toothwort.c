// SPDX-License-Identifier: GPL-2.0-only
/// The helper gives the lock up under one test and takes it back under another.
// Fixable: no
#include <linux/dcache.h>
#include <linux/store.h>

#define TOOTHWORT_REGULAR(inode) ((inode)->i_private != NULL)
#define TOOTHWORT_LARGE(inode) ((inode)->i_size > 4096)

static int toothwort_resize(struct inode *inode, loff_t size)
{
	int err;

	if (TOOTHWORT_REGULAR(inode))
		inode_unlock(inode);
	err = store_reserve(inode, size);
	if (TOOTHWORT_LARGE(inode))
		inode_lock(inode);
	return err;
}

static int toothwort_setattr(struct user_namespace *ns, struct dentry *dentry, struct iattr *attr)
{
	return toothwort_resize(d_inode(dentry), attr->ia_size);	/* violates: setattr.no_relock */
}

const struct inode_operations toothwort_iops = {
	.setattr = toothwort_setattr,
};
