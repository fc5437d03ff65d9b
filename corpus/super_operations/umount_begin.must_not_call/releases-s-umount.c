// SPDX-License-Identifier: GPL-2.0-only
/// The lock is dropped around the wait although nobody has taken it.
// Fixable: no
#include <linux/methods.h>

void rush_wait(struct super_block *sb);

static void rush_umount_begin(struct super_block *sb)
{
	sb->s_shutdown = true;
	up_write(&sb->s_umount);	/* violates: umount_begin.must_not_call moderate */
	rush_wait(sb);
	down_write(&sb->s_umount);
}

const struct super_operations rush_sops = {
	.umount_begin = rush_umount_begin,
};
