// SPDX-License-Identifier: GPL-2.0-only
/// open_mutex is only tried.
// Kernel: 6.8
#include <linux/blkdev.h>

static void anise_release(struct gendisk *disk)
{
	if (mutex_trylock(&disk->open_mutex)) {	/* ok: release.no_relock */
		disk->private_data = NULL;
		mutex_unlock(&disk->open_mutex);
	}
}

const struct block_device_operations anise_block_ops = {
	.release = anise_release,
};
