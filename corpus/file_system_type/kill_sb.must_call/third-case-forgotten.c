// SPDX-License-Identifier: GPL-2.0-only
/// The superblock lies on one sort of device or on the other; there is no last else.
// Fixable: no
// Source: after the shape of 3e5aeec0e267 ("cramfs: fix usage on non-MTD device"), whose last branch has no else
#include <linux/methods.h>

struct hazel_info {
	void *flash;
};

static void hazel_kill_sb(struct super_block *sb)
{
	struct hazel_info *info = sb->s_fs_info;

	if (info && info->flash)
		generic_shutdown_super(sb);
	else if (sb->s_bdev)
		kill_block_super(sb);
	kfree(info);
}	/* violates: kill_sb.must_call low */

struct file_system_type hazel_type = {
	.kill_sb = hazel_kill_sb,
};
