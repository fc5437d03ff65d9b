// SPDX-License-Identifier: GPL-2.0-only
/// ->open() looks for a new medium and has the driver read it; the mutex of the device is nobody's business there.
// Kernel: 5.8
// Source: after the shape of the fixed 471bd0af544b ("sd: use bdev_check_media_change")
#include <linux/blkdev.h>

bool butterwort_changed(struct block_device *bdev);
void butterwort_spin_up(struct gendisk *disk);

static int butterwort_revalidate_disk(struct gendisk *disk)
{
	butterwort_spin_up(disk);	/* ok: revalidate_disk.must_not_call */
	return 0;
}

static int butterwort_open(struct block_device *bdev, fmode_t mode)
{
	if (butterwort_changed(bdev))
		return butterwort_revalidate_disk(bdev->bd_disk);	/* ok: open.no_relock */
	return 0;
}

const struct block_device_operations butterwort_block_ops = {
	.open = butterwort_open,
	.revalidate_disk = butterwort_revalidate_disk,
};
