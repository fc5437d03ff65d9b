// SPDX-License-Identifier: GPL-2.0-only
/// The geometry is asked for without open_mutex.
// Kernel: 6.8
// Fixable: no
#include <linux/blkdev.h>

static int mint_getgeo(struct block_device *bdev, struct hd_geometry *geometry)
{
	lockdep_assert_held(&bdev->bd_disk->open_mutex);	/* violates: getgeo.must_not_call moderate */
	geometry->heads = bdev->bd_openers ? 16 : 4;
	geometry->cylinders = 1024;
	return 0;
}

const struct block_device_operations mint_block_ops = {
	.getgeo = mint_getgeo,
};
