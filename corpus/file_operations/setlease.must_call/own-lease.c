// SPDX-License-Identifier: GPL-2.0-only
/// A lease of the file system is granted, and the VFS never hears of it.
// Fixable: no
#include <linux/methods.h>
#include <linux/store.h>

static int poppy_grant(struct file *file, long arg)
{
	return arg ? store_reserve(file->f_inode, 1) : 0;
}

static int poppy_setlease(struct file *file, long arg, struct file_lock **lock, void **priv)
{
	int err = poppy_grant(file, arg);

	if (err)
		return -EAGAIN;	/* ok: setlease.must_call */
	return 0;	/* violates: setlease.must_call moderate */
}

const struct file_operations poppy_fops = {
	.setlease = poppy_setlease,
};
