// SPDX-License-Identifier: GPL-2.0-only
/// The geometry is read under bd_mutex, taken here.
// Kernel: 5.8
#include <linux/blkdev.h>

static int primrose_getgeo(struct block_device *bdev, struct hd_geometry *geometry)
{
	mutex_lock(&bdev->bd_mutex);
	geometry->heads = bdev->bd_openers;
	mutex_unlock(&bdev->bd_mutex);	/* ok: getgeo.must_not_call */
	return 0;
}

const struct block_device_operations primrose_block_ops = {
	.getgeo = primrose_getgeo,
};
