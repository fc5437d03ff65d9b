// SPDX-License-Identifier: GPL-2.0-only
/// open_mutex is asserted, and ioctl(2) does not take it.
// Kernel: 6.8
// Fixable: no
#include <linux/blkdev.h>

static int meadow_compat_ioctl(struct block_device *bdev, fmode_t mode, unsigned int cmd, unsigned long arg)
{
	lockdep_assert_held(&bdev->bd_disk->open_mutex);	/* violates: compat_ioctl.must_not_call moderate */
	if (mode && cmd == 2)
		bdev->bd_openers = arg;
	return 0;
}

const struct block_device_operations meadow_block_ops = {
	.compat_ioctl = meadow_compat_ioctl,
};
