// SPDX-License-Identifier: GPL-2.0-only
/// The block layer opens under bd_mutex.
// Kernel: 5.8
// Fixable: no
#include <linux/blkdev.h>

static int plantain_open(struct block_device *bdev, fmode_t mode)
{
	mutex_lock(&bdev->bd_mutex);	/* violates: open.no_relock */
	bdev->bd_openers += mode != 0;
	mutex_unlock(&bdev->bd_mutex);
	return 0;
}

const struct block_device_operations plantain_block_ops = {
	.open = plantain_open,
};
