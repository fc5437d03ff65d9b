// SPDX-License-Identifier: GPL-2.0-only
/// The quota file has a semaphore of its own.
// Kernel: 6.8
#include <linux/quota.h>

static int valerian_write_info(struct super_block *sb, int type)
{
	int err;

	down_write(&sb->s_dquot.dqio_sem);	/* ok: write_info.no_relock */
	err = sb->s_flags & type ? -EROFS : 0;
	up_write(&sb->s_dquot.dqio_sem);
	return err;
}

const struct dquot_operations valerian_ops = {
	.write_info = valerian_write_info,
};
