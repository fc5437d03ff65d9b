// SPDX-License-Identifier: GPL-2.0-only
/// open_mutex is dropped around a wait, and ioctl(2) does not take it.
// Kernel: 6.8
// Fixable: no
#include <linux/blkdev.h>

void marjoram_wait(void);

static int marjoram_ioctl(struct block_device *bdev, fmode_t mode, unsigned int cmd, unsigned long arg)
{
	mutex_unlock(&bdev->bd_disk->open_mutex);	/* violates: ioctl.must_not_call moderate */
	marjoram_wait();
	mutex_lock(&bdev->bd_disk->open_mutex);
	if (cmd == 1)
		bdev->bd_openers = arg;
	return 0;
}

const struct block_device_operations marjoram_block_ops = {
	.ioctl = marjoram_ioctl,
};
