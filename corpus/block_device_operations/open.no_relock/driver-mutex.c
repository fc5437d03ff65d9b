// SPDX-License-Identifier: GPL-2.0-only
/// The driver has a mutex of its own.
// Kernel: 6.8
#include <linux/blkdev.h>

struct yarrow_drive {
	struct mutex open_mutex;
	int users;
};

static int yarrow_open(struct gendisk *disk, fmode_t mode)
{
	struct yarrow_drive *drive = disk->private_data;

	mutex_lock(&drive->open_mutex);	/* ok: open.no_relock */
	drive->users += mode != 0;
	mutex_unlock(&drive->open_mutex);
	return 0;
}

const struct block_device_operations yarrow_block_ops = {
	.open = yarrow_open,
};
