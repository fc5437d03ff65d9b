// SPDX-License-Identifier: GPL-2.0-only
/// A forced unmount comes without the lock that is asserted here.
// Fixable: no
#include <linux/methods.h>

static void sedge_umount_begin(struct super_block *sb)
{
	lockdep_assert_held(&sb->s_umount);	/* violates: umount_begin.must_not_call moderate */
	sb->s_shutdown = true;
}

const struct super_operations sedge_sops = {
	.umount_begin = sedge_umount_begin,
};
