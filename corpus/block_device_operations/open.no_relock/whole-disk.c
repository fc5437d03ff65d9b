// SPDX-License-Identifier: GPL-2.0-only
/// The device of the whole disk is another one.
// Kernel: 5.8
#include <linux/blkdev.h>

static int plantain_open(struct block_device *bdev, fmode_t mode)
{
	struct block_device *whole = bdev->bd_private;

	mutex_lock(&whole->bd_mutex);	/* ok: open.no_relock */
	whole->bd_openers += mode != 0;
	mutex_unlock(&whole->bd_mutex);
	return 0;
}

const struct block_device_operations plantain_block_ops = {
	.open = plantain_open,
};
