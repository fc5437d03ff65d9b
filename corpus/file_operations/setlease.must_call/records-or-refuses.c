// SPDX-License-Identifier: GPL-2.0-only
/// The lease is recorded after the store agreed, or refused.
#include <linux/methods.h>
#include <linux/store.h>

static int violet_setlease(struct file *file, long arg, struct file_lock **lock, void **priv)
{
	int err;

	if (!file->private_data)
		return -EINVAL;	/* ok: setlease.must_call */
	err = store_reserve(file->f_inode, 1);
	if (!err)
		err = generic_setlease(file, arg, lock, priv);
	return err;	/* ok: setlease.must_call */
}

const struct file_operations violet_fops = {
	.setlease = violet_setlease,
};
