// SPDX-License-Identifier: GPL-2.0-only
/// A changed medium is looked at without bd_mutex, which is released.
// Kernel: 5.8
// Fixable: no
#include <linux/blkdev.h>

static int purslane_revalidate_disk(struct gendisk *disk)
{
	disk->private_data = NULL;
	mutex_unlock(&disk->part0->bd_mutex);	/* violates: revalidate_disk.must_not_call moderate */
	return 0;
}

const struct block_device_operations purslane_block_ops = {
	.revalidate_disk = purslane_revalidate_disk,
};
