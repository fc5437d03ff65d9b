// SPDX-License-Identifier: GPL-2.0-only
/// The function whose result is returned has a way that gives NULL.
// Fixable: no
#include <linux/methods.h>

static struct dentry *rowan_mount_flags(struct file_system_type *type, int flags, void *data)
{
	if (flags > 7)
		return NULL;	/* violates: mount.returns moderate */
	return mount_nodev(type, flags, data);
}

static struct dentry *rowan_mount(struct file_system_type *type, int flags, const char *name, void *data)
{
	return rowan_mount_flags(type, flags, data);
}

struct file_system_type rowan_type = {
	.mount = rowan_mount,
	.kill_sb = kill_anon_super,
};
