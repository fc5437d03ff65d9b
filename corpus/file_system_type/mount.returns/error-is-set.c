// SPDX-License-Identifier: GPL-2.0-only
/// The error is zero at first and never where it is returned.
#include <linux/methods.h>

static struct dentry *maple_mount(struct file_system_type *type, int flags, const char *name, void *data)
{
	void *options;
	int err = 0;

	options = kmalloc(64, GFP_KERNEL);
	if (!options) {
		err = -ENOMEM;
		goto out;
	}
	return mount_nodev(type, flags, options);
out:
	return ERR_PTR(err);	/* ok: mount.returns */
}

struct file_system_type maple_type = {
	.mount = maple_mount,
	.kill_sb = kill_anon_super,
};
