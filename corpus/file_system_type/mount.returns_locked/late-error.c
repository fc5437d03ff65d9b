// SPDX-License-Identifier: GPL-2.0-only
/// An error behind sget() leaves the superblock locked.
// Source: the shape of orangefs_mount() of 6.1
#include <linux/methods.h>
#include <linux/store.h>

static struct dentry *comfrey_mount(struct file_system_type *type, int flags, const char *name, void *data)
{
	struct super_block *sb = sget(type, data);

	if (IS_ERR(sb))
		return ERR_CAST(sb);
	sb->s_fs_info = data;
	if (!data)
		return ERR_PTR(-EINVAL);	/* violates: mount.returns_locked */
	return dget(sb->s_root);
}

const struct file_system_type comfrey_type = {
	.mount = comfrey_mount,
	.kill_sb = kill_anon_super,
};
