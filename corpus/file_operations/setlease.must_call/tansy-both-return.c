// SPDX-License-Identifier: GPL-2.0-only
/// Nothing stands behind the `if`, for each of its ways returns: the end of the function cannot be reached.
// Fixable: no
// Source: the shape of cifs_setlease() of 6.1
#include <linux/methods.h>
#include <linux/store.h>

static int tansy_setlease(struct file *file, long arg, struct file_lock **lock, void **priv)
{
	if (arg == 1)
		return 0;	/* violates: setlease.must_call moderate */
	else if (arg == 2)
		return generic_setlease(file, arg, lock, priv);	/* ok: setlease.must_call */
	else
		return -EAGAIN;	/* ok: setlease.must_call */
}

const struct file_operations tansy_fops = {
	.setlease = tansy_setlease,
};
