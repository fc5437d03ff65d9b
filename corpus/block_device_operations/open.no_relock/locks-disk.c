// SPDX-License-Identifier: GPL-2.0-only
/// The block layer opens under open_mutex.
// Kernel: 6.8
// Fixable: no
#include <linux/blkdev.h>

static int yarrow_open(struct gendisk *disk, fmode_t mode)
{
	int err = 0;

	mutex_lock(&disk->open_mutex);	/* violates: open.no_relock */
	if (!disk->private_data)
		err = -EIO;
	mutex_unlock(&disk->open_mutex);
	return err;
}

const struct block_device_operations yarrow_block_ops = {
	.open = yarrow_open,
};
