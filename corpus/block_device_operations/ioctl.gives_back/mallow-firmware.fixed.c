// SPDX-License-Identifier: GPL-2.0-only
/// A driver's own mutex stays held where its firmware says no; it is given back on the way beside it.
// Kernel: 6.8
#include <linux/blkdev.h>
#include <linux/locking.h>

#define EIO 5

struct mallow_drive {
	struct mutex lock;
	int busy;
};

int mallow_ask(struct block_device *bdev, unsigned int cmd);

static int mallow_ioctl(struct block_device *bdev, fmode_t mode, unsigned int cmd, unsigned long arg)
{
	struct mallow_drive *drive = (struct mallow_drive *)arg;
	int err;

	mutex_lock(&drive->lock);
	if (drive->busy) {
		mutex_unlock(&drive->lock);
		return -EIO;
	}
	err = mallow_ask(bdev, cmd);
	if (err) {
		mutex_unlock(&drive->lock);
		return err;
	}
	mutex_unlock(&drive->lock);
	return 0;
}

const struct block_device_operations mallow_block_ops = {
	.ioctl = mallow_ioctl,
};
