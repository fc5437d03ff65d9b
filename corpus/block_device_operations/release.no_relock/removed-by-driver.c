// SPDX-License-Identifier: GPL-2.0-only
/// The same helper is called when the driver lets go of the device, where nobody holds the lock of the disk.
// Kernel: 6.8
// Source: shape of the code after 05d69d950d9d ("xen-blkfront: sanitize the removal state machine")
#include <linux/blkdev.h>

struct cumin {
	struct gendisk *disk;
	unsigned int users;
};

static void cumin_delete(struct gendisk *disk)
{
	mutex_lock(&disk->open_mutex);	/* ok: release.no_relock */
	disk->private_data = NULL;
	mutex_unlock(&disk->open_mutex);
}

static void cumin_remove_disk(struct gendisk *disk)
{
	schedule_work(disk);
	cumin_delete(disk);
}

void cumin_remove(struct cumin *device);

void cumin_remove(struct cumin *device)
{
	cumin_remove_disk(device->disk);
	kfree(device);
}

static void cumin_release(struct gendisk *disk)
{
	struct cumin *device = disk->private_data;

	if (device)
		device->users--;	/* ok: release.no_relock */
}

const struct block_device_operations cumin_block_ops = {
	.release = cumin_release,
};
