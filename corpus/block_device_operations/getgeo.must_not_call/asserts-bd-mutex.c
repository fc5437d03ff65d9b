// SPDX-License-Identifier: GPL-2.0-only
/// The geometry is asked for without bd_mutex.
// Kernel: 5.8
// Fixable: no
#include <linux/blkdev.h>

static int primrose_getgeo(struct block_device *bdev, struct hd_geometry *geometry)
{
	lockdep_assert_held(&bdev->bd_mutex);	/* violates: getgeo.must_not_call moderate */
	geometry->heads = 16;
	return 0;
}

const struct block_device_operations primrose_block_ops = {
	.getgeo = primrose_getgeo,
};
