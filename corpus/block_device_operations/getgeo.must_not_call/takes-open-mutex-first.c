// SPDX-License-Identifier: GPL-2.0-only
/// The geometry is read under open_mutex, taken here.
// Kernel: 6.8
#include <linux/blkdev.h>

static int mint_getgeo(struct block_device *bdev, struct hd_geometry *geometry)
{
	mutex_lock(&bdev->bd_disk->open_mutex);
	geometry->heads = bdev->bd_openers ? 16 : 4;
	geometry->cylinders = 1024;
	mutex_unlock(&bdev->bd_disk->open_mutex);	/* ok: getgeo.must_not_call */
	return 0;
}

const struct block_device_operations mint_block_ops = {
	.getgeo = mint_getgeo,
};
