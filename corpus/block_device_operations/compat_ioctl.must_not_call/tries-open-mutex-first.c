// SPDX-License-Identifier: GPL-2.0-only
/// The command is done only where open_mutex could be had.
// Kernel: 6.8
#include <linux/blkdev.h>

static int meadow_compat_ioctl(struct block_device *bdev, fmode_t mode, unsigned int cmd, unsigned long arg)
{
	if (mutex_trylock(&bdev->bd_disk->open_mutex)) {
		if (mode && cmd == 2)
			bdev->bd_openers = arg;
		mutex_unlock(&bdev->bd_disk->open_mutex);	/* ok: compat_ioctl.must_not_call */
	}
	return 0;
}

const struct block_device_operations meadow_block_ops = {
	.compat_ioctl = meadow_compat_ioctl,
};
