// SPDX-License-Identifier: GPL-2.0-only
/// The superblock is found again by its root, and its lock is held.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static int savory_unfreeze_fs(struct super_block *sb)
{
	struct super_block *same = sb;

	down_write(&same->s_umount);	/* violates: unfreeze_fs.no_relock */
	same->s_flags = 0;
	up_write(&same->s_umount);
	return 0;
}

const struct super_operations savory_sops = {
	.unfreeze_fs = savory_unfreeze_fs,
};
