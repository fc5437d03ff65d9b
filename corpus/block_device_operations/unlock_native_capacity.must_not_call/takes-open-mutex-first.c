// SPDX-License-Identifier: GPL-2.0-only
/// open_mutex is taken here.
// Kernel: 6.8
#include <linux/blkdev.h>

static void milfoil_unlock_native_capacity(struct gendisk *disk)
{
	mutex_lock(&disk->open_mutex);
	disk->private_data = NULL;
	mutex_unlock(&disk->open_mutex);	/* ok: unlock_native_capacity.must_not_call */
}

const struct block_device_operations milfoil_block_ops = {
	.unlock_native_capacity = milfoil_unlock_native_capacity,
};
