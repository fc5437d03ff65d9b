// SPDX-License-Identifier: GPL-2.0-only
/// The helper that stops the drive is used by a timer too.
// Kernel: 6.8
// Fixable: no
#include <linux/blkdev.h>

static void anise_stop(struct gendisk *disk)
{
	mutex_lock(&disk->open_mutex);
	disk->private_data = NULL;
	mutex_unlock(&disk->open_mutex);
}

static void anise_release(struct gendisk *disk)
{
	anise_stop(disk);	/* violates: release.no_relock */
}

const struct block_device_operations anise_block_ops = {
	.release = anise_release,
};
