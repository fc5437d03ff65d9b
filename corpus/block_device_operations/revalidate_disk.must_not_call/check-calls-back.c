// SPDX-License-Identifier: GPL-2.0-only
/// ->open() checks for a new medium, which calls back under its mutex; the helper lets go of that for any other caller too.
// Kernel: 5.8
// Fixable: no
// Source: after the shape of 471bd0af544b ("sd: use bdev_check_media_change"), with the mutex let go in the callback
#include <linux/blkdev.h>

void sundew_spin_up(struct gendisk *disk);

static void sundew_wait(struct block_device *bdev)
{
	mutex_unlock(&bdev->bd_mutex);
	sundew_spin_up(bdev->bd_disk);
	mutex_lock(&bdev->bd_mutex);
}

static int sundew_revalidate_disk(struct gendisk *disk)
{
	sundew_wait(disk->part0);	/* violates: revalidate_disk.must_not_call low */
	return 0;
}

static int sundew_open(struct block_device *bdev, fmode_t mode)
{
	if (bdev->bd_openers)
		return 0;
	return sundew_revalidate_disk(bdev->bd_disk);
}

const struct block_device_operations sundew_block_ops = {
	.open = sundew_open,
	.revalidate_disk = sundew_revalidate_disk,
};
