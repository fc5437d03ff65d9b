// SPDX-License-Identifier: GPL-2.0-only
/// A driver's own trylock waits for another lock first.
// Kernel: 6.8
// Fixable: no
#include <linux/blkdev.h>

static bool dill_trylock_slot(struct gendisk *disk)
{
	return mutex_trylock(&disk->open_mutex);
}

static bool dill_slot_trylock(struct gendisk *disk)
{
	mutex_lock(&disk->open_mutex);
	mutex_unlock(&disk->open_mutex);
	return dill_trylock_slot(disk);
}

static void dill_swap_slot_free_notify(struct block_device *bdev, unsigned long offset)
{
	if (dill_slot_trylock(bdev->bd_disk)) {	/* violates: swap_slot_free_notify.never_sleeps */
		bdev->bd_openers -= offset != 0;
		mutex_unlock(&bdev->bd_disk->open_mutex);
	}
}

const struct block_device_operations dill_block_ops = {
	.swap_slot_free_notify = dill_swap_slot_free_notify,
};
