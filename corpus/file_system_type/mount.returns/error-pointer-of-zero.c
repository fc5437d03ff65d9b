// SPDX-License-Identifier: GPL-2.0-only
/// The error is known to be zero where it is made into a pointer.
// Fixable: no
#include <linux/methods.h>

static struct dentry *alder_mount(struct file_system_type *type, int flags, const char *name, void *data)
{
	struct super_block *sb = sget(type, data);
	int err = 0;

	if (IS_ERR(sb))
		return ERR_CAST(sb);	/* ok: mount.returns */
	if (!sb->s_root)
		goto out;
	return dget(sb->s_root);
out:
	deactivate_locked_super(sb);
	return ERR_PTR(err);	/* violates: mount.returns */
}

struct file_system_type alder_type = {
	.mount = alder_mount,
	.kill_sb = kill_anon_super,
};
