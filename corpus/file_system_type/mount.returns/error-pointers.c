// SPDX-License-Identifier: GPL-2.0-only
/// Each failure is an error pointer; NULL is only where the search begins.
#include <linux/methods.h>

static struct dentry *hazel_mount(struct file_system_type *type, int flags, const char *name, void *data)
{
	struct dentry *root = NULL;

	if (!data)
		return ERR_PTR(-EINVAL);	/* ok: mount.returns */
	root = mount_nodev(type, flags, data);
	return root;	/* ok: mount.returns */
}

struct file_system_type hazel_type = {
	.mount = hazel_mount,
	.kill_sb = kill_anon_super,
};
