// SPDX-License-Identifier: GPL-2.0-only
/// The way out is shared with an error that was found to be zero before.
// Fixable: no
#include <linux/methods.h>

static int larch_check(void *data);

static struct dentry *larch_mount(struct file_system_type *type, int flags, const char *name, void *data)
{
	struct dentry *root;
	int err;

	err = larch_check(data);
	if (err)
		goto out;	/* ok: mount.returns */
	root = mount_nodev(type, flags, data);
	if (flags)
		goto out;
	return root;
out:
	return ERR_PTR(err);	/* violates: mount.returns */
}

struct file_system_type larch_type = {
	.mount = larch_mount,
	.kill_sb = kill_anon_super,
};

static int larch_check(void *data)
{
	return data ? 0 : -EINVAL;
}
