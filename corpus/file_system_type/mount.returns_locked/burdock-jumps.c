// SPDX-License-Identifier: GPL-2.0-only
/// A failure behind sget() shares its exit with failures before it: the superblock is dropped before the jump.
// Source: the shape of orangefs_mount() of 6.1
#include <linux/methods.h>
#include <linux/pagemap.h>
#include <linux/store.h>

static struct dentry *burdock_mount(struct file_system_type *type, int flags, const char *name, void *data)
{
	struct dentry *root = ERR_PTR(-EINVAL);
	struct super_block *sb;

	if (!data)
		goto free;

	sb = sget(type, data);
	if (IS_ERR(sb)) {
		root = ERR_CAST(sb);
		goto free;
	}

	sb->s_fs_info = kmalloc(PAGE_SIZE, GFP_KERNEL);
	if (!sb->s_fs_info) {
		root = ERR_PTR(-ENOMEM);
		goto free;
	}
	return dget(sb->s_root);

free:
	kfree(data);
	return root;	/* violates: mount.returns_locked */
}

const struct file_system_type burdock_type = {
	.mount = burdock_mount,
	.kill_sb = kill_anon_super,
};
