// SPDX-License-Identifier: GPL-2.0-only
/// What is released here was taken here.
#include <linux/methods.h>

static void moss_umount_begin(struct super_block *sb)
{
	down_read(&sb->s_umount);
	sb->s_shutdown = true;
	up_read(&sb->s_umount);	/* ok: umount_begin.must_not_call */
}

const struct super_operations moss_sops = {
	.umount_begin = moss_umount_begin,
};
