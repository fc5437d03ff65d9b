// SPDX-License-Identifier: GPL-2.0-only
/// The information is written while quota is switched, under dqonoff_sem.
// Kernel: 6.8
// Fixable: no
#include <linux/quota.h>

static int valerian_write_info(struct super_block *sb, int type)
{
	int err;

	down_write(&sb->s_dquot.dqonoff_sem);	/* violates: write_info.no_relock */
	err = sb->s_flags & type ? -EROFS : 0;
	up_write(&sb->s_dquot.dqonoff_sem);
	return err;
}

const struct dquot_operations valerian_ops = {
	.write_info = valerian_write_info,
};
