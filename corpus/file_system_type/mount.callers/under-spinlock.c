// SPDX-License-Identifier: GPL-2.0-only
/// A file system is mounted with a spinlock held, and after it.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static spinlock_t henbane_lock;
static unsigned long henbane_seen;

struct dentry *henbane_mount_inner(struct fs_context *fc, void *data)
{
	struct dentry *root;

	spin_lock(&henbane_lock);
	root = fc->fs_type->mount(fc->fs_type, 0, "henbane", data);	/* violates: mount.callers low */
	spin_unlock(&henbane_lock);
	return root;
}

struct dentry *henbane_mount_inner_later(struct fs_context *fc, void *data)
{
	struct dentry *root;

	spin_lock(&henbane_lock);
	henbane_seen++;
	spin_unlock(&henbane_lock);
	root = fc->fs_type->mount(fc->fs_type, 0, "henbane", data);	/* ok: mount.callers */
	return root;
}
