// SPDX-License-Identifier: GPL-2.0-only
/// One sort of superblock is forgotten in the switch.
// Fixable: no
#include <linux/methods.h>

enum { ELM_RAM = 1, ELM_DISK, ELM_SHARED };

static void elm_kill_sb(struct super_block *sb)
{
	switch ((long)sb->s_fs_info) {
	case ELM_RAM:
		kill_anon_super(sb);
		break;
	case ELM_DISK:
		kill_block_super(sb);
		break;
	case ELM_SHARED:
		return;	/* violates: kill_sb.must_call */
	default:
		generic_shutdown_super(sb);
	}
}	/* ok: kill_sb.must_call */

struct file_system_type elm_type = {
	.kill_sb = elm_kill_sb,
};
