// SPDX-License-Identifier: GPL-2.0-only
/// The helper allocates only when its argument asks for it, and it does not.
// Kernel: 6.12
#include <linux/fs.h>

static int hazel_notify(void **slot, int on)
{
	if (!on) {
		*slot = NULL;
		return 0;
	}
	*slot = kmalloc(16, GFP_KERNEL);
	return *slot ? 0 : -ENOMEM;
}

static int hazel_d_delete(const struct dentry *dentry)
{
	return hazel_notify(dentry->d_fsdata, 0) == 0;	/* ok: d_delete.never_sleeps */
}

const struct dentry_operations hazel_dentry_ops = {
	.d_delete = hazel_d_delete,
};
