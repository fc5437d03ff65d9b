// SPDX-License-Identifier: GPL-2.0-only
/// IS_ERR_OR_NULL() is asked, and a NULL becomes an error.
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/methods.h>

#define IS_ERR_OR_NULL(p) (!(p) || IS_ERR(p))

static struct dentry *alkanet_mount(struct file_system_type *type, int flags, const char *name, void *data)
{
	struct super_block *sb = sget(type, data);
	struct dentry *root;

	if (IS_ERR(sb))
		return ERR_CAST(sb);	/* ok: mount.returns */
	root = dget(sb->s_root);
	if (IS_ERR_OR_NULL(root)) {
		deactivate_locked_super(sb);
		return root ? root : ERR_PTR(-ENOMEM);	/* ok: mount.returns */
	}
	return root;	/* ok: mount.returns */
}

struct file_system_type alkanet_type = {
	.mount = alkanet_mount,
	.kill_sb = kill_anon_super,
};
