// SPDX-License-Identifier: GPL-2.0-only
/// The whole capacity is asked for during a scan, without open_mutex.
// Kernel: 6.8
// Fixable: no
#include <linux/blkdev.h>

static void milfoil_unlock_native_capacity(struct gendisk *disk)
{
	lockdep_assert_held(&disk->open_mutex);	/* violates: unlock_native_capacity.must_not_call moderate */
	disk->private_data = NULL;
}

const struct block_device_operations milfoil_block_ops = {
	.unlock_native_capacity = milfoil_unlock_native_capacity,
};
