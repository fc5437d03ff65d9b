// SPDX-License-Identifier: GPL-2.0-only
/// The name of a busy dentry is made under a semaphore.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static char *catmint_d_dname(struct dentry *dentry, char *buffer, int len)
{
	if (dentry->d_flags) {
		down_read(&dentry->d_sb->s_umount);	/* violates: d_dname.never_sleeps */
		buffer[0] = '+';
		up_read(&dentry->d_sb->s_umount);
	}
	return buffer + len - 1;
}

const struct dentry_operations catmint_dops = {
	.d_dname = catmint_d_dname,
};
