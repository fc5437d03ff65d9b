// SPDX-License-Identifier: GPL-2.0-only
/// A module that was tried for is given back where the function fails; where it does well, what it belongs to keeps it.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

struct module;
struct woodruff_ops { struct module *owner; int (*plant)(struct inode *dir); };

bool try_module_get(struct module *module);
void module_put(struct module *module);
int woodruff_room(struct inode *dir);

static int woodruff_mkdir(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode)
{
	struct woodruff_ops *ops = dir->i_private;
	int err;

	if (!try_module_get(ops->owner))
		return -EINVAL;	/* ok: mkdir.gives_back */
	if (woodruff_room(dir))
		return -ENOSPC;	/* violates: mkdir.gives_back */
	err = ops->plant(dir);
	if (err)
		module_put(ops->owner);
	return err;	/* ok: mkdir.gives_back */
}

const struct inode_operations woodruff_iops = {
	.mkdir = woodruff_mkdir,
};
