// SPDX-License-Identifier: GPL-2.0-only
/// s_umount is dropped around a wait; the quota code came without it.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

void hyssop_wait(void);

static long hyssop_quota_read(struct super_block *sb, int type, char *data, size_t len, loff_t pos)
{
	up_read(&sb->s_umount);	/* violates: quota_read.must_not_call moderate */
	hyssop_wait();
	down_read(&sb->s_umount);
	memcpy(data, (char *)sb->s_fs_info + pos, len);
	return len;
}

const struct super_operations hyssop_sops = {
	.quota_read = hyssop_quota_read,
};
