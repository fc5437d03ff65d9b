// SPDX-License-Identifier: GPL-2.0-only
/// Released only where the attempt to take it succeeded.
#include <linux/methods.h>

static void fern_umount_begin(struct super_block *sb)
{
	if (!down_read_trylock(&sb->s_umount))
		return;
	sb->s_shutdown = true;
	up_read(&sb->s_umount);	/* ok: umount_begin.must_not_call */
}

const struct super_operations fern_sops = {
	.umount_begin = fern_umount_begin,
};
