// SPDX-License-Identifier: GPL-2.0-only
/// The directory is unlocked while the target is looked up, locked again, and looked at anew.
// Fixable: no
// Kernel: 6.8
// Source: shape of the code after 351e5d869e5a ("configfs: fix a deadlock in configfs_symlink()")
#include <linux/fs.h>

static struct dentry *tarragon_lookup(struct inode *dir, const char *name)
{
	struct dentry *found;

	inode_lock_shared(dir);
	found = dir->i_op->lookup(dir, dir->i_private, name[0]);
	inode_unlock_shared(dir);
	return found;
}

static int tarragon_get_target(struct inode *dir, const char *target, struct dentry **result)
{
	while (*target == '/')
		target++;
	*result = tarragon_lookup(dir, target);
	return *result ? 0 : -ECHILD;
}

static int tarragon_symlink(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, const char *target)
{
	struct dentry *result;
	int err;

	inode_unlock(dir);	/* violates: symlink.no_relock low */
	err = tarragon_get_target(dir, target, &result);	/* ok: symlink.no_relock */
	inode_lock(dir);	/* ok: symlink.no_relock */
	if (err)
		goto out;
	if (dentry->d_inode)
		err = -EISDIR;
	else
		d_instantiate(dentry, result->d_inode);
out:
	return err;
}

const struct inode_operations tarragon_iops = {
	.symlink = tarragon_symlink,
};
