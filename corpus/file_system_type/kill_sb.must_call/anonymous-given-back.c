// SPDX-License-Identifier: GPL-2.0-only
/// Each arm shuts down with the function of its sort of device.
// Source: shape of the code after 1015c1016c23 ("erofs: use kill_anon_super() to kill super in fscache mode")
#include <linux/methods.h>

struct fir_info {
	bool cached;
};

static void fir_kill_sb(struct super_block *sb)
{
	struct fir_info *info = sb->s_fs_info;

	if (info->cached)
		kill_anon_super(sb);
	else
		kill_block_super(sb);
	kfree(info);
	sb->s_fs_info = NULL;
}	/* ok: kill_sb.must_call */

struct file_system_type fir_type = {
	.kill_sb = fir_kill_sb,
};
