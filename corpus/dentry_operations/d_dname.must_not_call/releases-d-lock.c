// SPDX-License-Identifier: GPL-2.0-only
/// d_lock is released by the method that makes up a name.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static char *comfrey_d_dname(struct dentry *dentry, char *buffer, int len)
{
	buffer[len - 1] = dentry->d_flags ? '+' : '-';
	spin_unlock(&dentry->d_lock);	/* violates: d_dname.must_not_call moderate */
	return buffer;
}

const struct dentry_operations comfrey_dops = {
	.d_dname = comfrey_d_dname,
};
