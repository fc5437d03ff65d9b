// SPDX-License-Identifier: GPL-2.0-only
/// A mount is undone by ->kill_sb, but not where its information could not be allocated: then it is undone first.
// Source: the shape of orangefs_mount() of 6.12
#include <linux/methods.h>
#include <linux/pagemap.h>

int teasel_attach(const void *data);
void teasel_detach(const void *data);
int teasel_fill(struct super_block *sb);

static struct dentry *teasel_mount(struct file_system_type *type, int flags, const char *name, void *data)
{
	struct dentry *root = ERR_PTR(-EINVAL);
	struct super_block *sb;

	if (teasel_attach(data))
		return root;
	sb = sget(type, data);
	if (IS_ERR(sb)) {
		teasel_detach(data);
		return ERR_CAST(sb);
	}
	sb->s_fs_info = kmalloc(PAGE_SIZE, GFP_KERNEL);
	if (!sb->s_fs_info) {
		teasel_detach(data);
		deactivate_locked_super(sb);
		return ERR_PTR(-ENOMEM);
	}
	if (teasel_fill(sb)) {
		deactivate_locked_super(sb);
		return ERR_PTR(-EIO);
	}
	return dget(sb->s_root);
}

static void teasel_kill_sb(struct super_block *sb)
{
	kill_anon_super(sb);
	if (!sb->s_fs_info)
		return;
	teasel_detach(sb->s_fs_info);
	kfree(sb->s_fs_info);
}

const struct file_system_type teasel_type = {
	.mount = teasel_mount,
	.kill_sb = teasel_kill_sb,
};
