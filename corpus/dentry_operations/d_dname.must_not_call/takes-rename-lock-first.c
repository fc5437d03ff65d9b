// SPDX-License-Identifier: GPL-2.0-only
/// rename_lock is held while one character is written.
// Kernel: 6.8
#include <linux/fs.h>

static char *clover_d_dname(struct dentry *dentry, char *buffer, int len)
{
	read_seqlock_excl(&rename_lock);
	buffer[len - 1] = dentry->d_flags ? '+' : '-';
	read_sequnlock_excl(&rename_lock);	/* ok: d_dname.must_not_call */
	return buffer;
}

const struct dentry_operations clover_dops = {
	.d_dname = clover_d_dname,
};
