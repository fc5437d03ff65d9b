// SPDX-License-Identifier: GPL-2.0-only
/// open_mutex is released by who frees a slot.
// Kernel: 6.8
// Fixable: no
#include <linux/blkdev.h>

static void mugwort_swap_slot_free_notify(struct block_device *bdev, unsigned long offset)
{
	bdev->bd_openers -= offset != 0;
	mutex_unlock(&bdev->bd_disk->open_mutex);	/* violates: swap_slot_free_notify.must_not_call moderate */
}

const struct block_device_operations mugwort_block_ops = {
	.swap_slot_free_notify = mugwort_swap_slot_free_notify,
};
