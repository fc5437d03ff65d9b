// SPDX-License-Identifier: GPL-2.0-only
/// A slot is freed under swap_lock, and the disk is locked.
// Kernel: 6.8
// Fixable: no
#include <linux/blkdev.h>

static void dill_swap_slot_free_notify(struct block_device *bdev, unsigned long offset)
{
	mutex_lock(&bdev->bd_disk->open_mutex);	/* violates: swap_slot_free_notify.never_sleeps */
	bdev->bd_openers -= offset != 0;
	mutex_unlock(&bdev->bd_disk->open_mutex);
}

const struct block_device_operations dill_block_ops = {
	.swap_slot_free_notify = dill_swap_slot_free_notify,
};
