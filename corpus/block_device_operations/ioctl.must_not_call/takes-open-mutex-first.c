// SPDX-License-Identifier: GPL-2.0-only
/// open_mutex is taken for the command.
// Kernel: 6.8
#include <linux/blkdev.h>

static int marjoram_ioctl(struct block_device *bdev, fmode_t mode, unsigned int cmd, unsigned long arg)
{
	mutex_lock(&bdev->bd_disk->open_mutex);
	if (cmd == 1)
		bdev->bd_openers = arg;
	mutex_unlock(&bdev->bd_disk->open_mutex);	/* ok: ioctl.must_not_call */
	return 0;
}

const struct block_device_operations marjoram_block_ops = {
	.ioctl = marjoram_ioctl,
};
