// SPDX-License-Identifier: GPL-2.0-only
/// The file is only remembered; nobody keeps the FASYNC bit.
// Fixable: no
#include <linux/methods.h>

static int clover_fasync(int fd, struct file *file, int on)
{
	file->private_data = on ? file : NULL;
	return 0;	/* violates: fasync.must_call moderate */
}

const struct file_operations clover_fops = {
	.fasync = clover_fasync,
};
