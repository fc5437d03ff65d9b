// SPDX-License-Identifier: GPL-2.0-only
/// A helper may give NULL, which is looked at before anything is returned.
#include <linux/methods.h>

static struct dentry *linden_find(struct super_block *sb)
{
	if (!sb->s_root)
		return NULL;	/* ok: mount.returns */
	return dget(sb->s_root);
}

static struct dentry *linden_mount(struct file_system_type *type, int flags, const char *name, void *data)
{
	struct super_block *sb = sget(type, data);
	struct dentry *root;

	if (IS_ERR(sb))
		return ERR_CAST(sb);
	root = linden_find(sb);
	if (!root) {
		deactivate_locked_super(sb);
		return ERR_PTR(-EINVAL);
	}
	return root;	/* ok: mount.returns */
}

struct file_system_type linden_type = {
	.mount = linden_mount,
	.kill_sb = kill_anon_super,
};
