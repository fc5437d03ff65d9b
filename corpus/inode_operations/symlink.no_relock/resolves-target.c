// SPDX-License-Identifier: GPL-2.0-only
/// The target is looked up by its path inside the method, and a lookup locks the directories that it comes through.
// Kernel: 6.8
// Fixable: no
// Source: shape of the code before 351e5d869e5a ("configfs: fix a deadlock in configfs_symlink()")
#include <linux/fs.h>

static struct dentry *costmary_lookup(struct inode *dir, const char *name)
{
	struct dentry *found;

	inode_lock_shared(dir);
	found = dir->i_op->lookup(dir, dir->i_private, name[0]);
	inode_unlock_shared(dir);
	return found;
}

static int costmary_get_target(struct inode *dir, const char *target, struct dentry **result)
{
	while (*target == '/')
		target++;
	*result = costmary_lookup(dir, target);
	return *result ? 0 : -ECHILD;
}

static int costmary_symlink(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, const char *target)
{
	struct dentry *result;
	int err;

	err = costmary_get_target(dir, target, &result);	/* violates: symlink.no_relock */
	if (err)
		return err;
	d_instantiate(dentry, result->d_inode);
	return 0;
}

const struct inode_operations costmary_iops = {
	.symlink = costmary_symlink,
};
