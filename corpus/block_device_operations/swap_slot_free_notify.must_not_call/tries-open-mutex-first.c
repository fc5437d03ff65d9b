// SPDX-License-Identifier: GPL-2.0-only
/// The counter is lowered only where open_mutex could be had.
// Kernel: 6.8
#include <linux/blkdev.h>

static void mugwort_swap_slot_free_notify(struct block_device *bdev, unsigned long offset)
{
	if (mutex_trylock(&bdev->bd_disk->open_mutex)) {
		bdev->bd_openers -= offset != 0;
		mutex_unlock(&bdev->bd_disk->open_mutex);	/* ok: swap_slot_free_notify.must_not_call */
	}
}

const struct block_device_operations mugwort_block_ops = {
	.swap_slot_free_notify = mugwort_swap_slot_free_notify,
};
