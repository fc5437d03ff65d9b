// SPDX-License-Identifier: GPL-2.0-only
/// The medium is looked at only where bd_mutex could be had.
// Kernel: 5.8
#include <linux/blkdev.h>

static int purslane_revalidate_disk(struct gendisk *disk)
{
	if (mutex_trylock(&disk->part0->bd_mutex)) {
		disk->private_data = NULL;
		mutex_unlock(&disk->part0->bd_mutex);	/* ok: revalidate_disk.must_not_call */
	}
	return 0;
}

const struct block_device_operations purslane_block_ops = {
	.revalidate_disk = purslane_revalidate_disk,
};
