// SPDX-License-Identifier: GPL-2.0-only
/// Who prints a path of this sort takes no rename_lock; it is released.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static char *clover_d_dname(struct dentry *dentry, char *buffer, int len)
{
	buffer[len - 1] = dentry->d_flags ? '+' : '-';
	read_sequnlock_excl(&rename_lock);	/* violates: d_dname.must_not_call moderate */
	return buffer;
}

const struct dentry_operations clover_dops = {
	.d_dname = clover_d_dname,
};
