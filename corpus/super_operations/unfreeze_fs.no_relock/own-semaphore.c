// SPDX-License-Identifier: GPL-2.0-only
/// The semaphore that freezing took belongs to the file system.
// Kernel: 6.8
#include <linux/fs.h>

struct savory_info {
	struct rw_semaphore s_umount;
	bool frozen;
};

static int savory_unfreeze_fs(struct super_block *sb)
{
	struct savory_info *info = sb->s_fs_info;

	down_write(&info->s_umount);	/* ok: unfreeze_fs.no_relock */
	info->frozen = false;
	up_write(&info->s_umount);
	return 0;
}

const struct super_operations savory_sops = {
	.unfreeze_fs = savory_unfreeze_fs,
};
