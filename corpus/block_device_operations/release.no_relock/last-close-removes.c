// SPDX-License-Identifier: GPL-2.0-only
/// The last close of a disk that is going away removes it, and that takes the lock under which a disk is closed.
// Kernel: 6.8
// Fixable: no
// Source: shape of the code before 05d69d950d9d ("xen-blkfront: sanitize the removal state machine")
#include <linux/blkdev.h>

enum caraway_state { CARAWAY_CONNECTED, CARAWAY_CLOSING, CARAWAY_GONE };

struct caraway {
	enum caraway_state state;
	unsigned int users;
};

static void caraway_delete(struct gendisk *disk)
{
	mutex_lock(&disk->open_mutex);
	disk->private_data = NULL;
	mutex_unlock(&disk->open_mutex);
}

static void caraway_remove_disk(struct gendisk *disk)
{
	schedule_work(disk);
	caraway_delete(disk);
}

static void caraway_release(struct gendisk *disk)
{
	struct caraway *device = disk->private_data;

	if (device->users)
		return;
	switch (device->state) {
	case CARAWAY_CLOSING:
		caraway_remove_disk(disk);	/* violates: release.no_relock */
		break;
	case CARAWAY_GONE:
		caraway_remove_disk(disk);	/* violates: release.no_relock */
		kfree(device);
		break;
	default:
		device->users = 0;
	}
}

const struct block_device_operations caraway_block_ops = {
	.release = caraway_release,
};
