// SPDX-License-Identifier: GPL-2.0-only
/// The helper is called, or the call fails.
#include <linux/methods.h>

static struct fasync_struct *daisy_queue;

static int daisy_fasync(int fd, struct file *file, int on)
{
	int err = 0;

	if (!file->private_data)
		err = -EINVAL;
	if (err)
		return err;	/* ok: fasync.must_call */
	return fasync_helper(fd, file, on, &daisy_queue);	/* ok: fasync.must_call */
}

const struct file_operations daisy_fops = {
	.fasync = daisy_fasync,
};
