// SPDX-License-Identifier: GPL-2.0-only
/// A failed allocation becomes NULL, which the caller takes for a dentry.
// Fixable: no
#include <linux/methods.h>

static struct dentry *aspen_mount(struct file_system_type *type, int flags, const char *name, void *data)
{
	void *options = kmalloc(64, GFP_KERNEL);

	if (!options)
		return NULL;	/* violates: mount.returns */
	return mount_nodev(type, flags, options);
}

struct file_system_type aspen_type = {
	.mount = aspen_mount,
	.kill_sb = kill_anon_super,
};
