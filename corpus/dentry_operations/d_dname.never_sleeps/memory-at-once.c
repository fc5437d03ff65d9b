// SPDX-License-Identifier: GPL-2.0-only
/// Memory is asked for without waiting.
// Kernel: 6.8
#include <linux/fs.h>

static char *catmint_d_dname(struct dentry *dentry, char *buffer, int len)
{
	char *copy = kmalloc(len, GFP_ATOMIC);	/* ok: d_dname.never_sleeps */

	if (!copy)
		return ERR_PTR(-ENOMEM);
	memcpy(copy, buffer, len);
	dentry->d_fsdata = copy;
	return buffer;
}

const struct dentry_operations catmint_dops = {
	.d_dname = catmint_d_dname,
};
