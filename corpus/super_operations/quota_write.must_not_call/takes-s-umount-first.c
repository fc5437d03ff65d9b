// SPDX-License-Identifier: GPL-2.0-only
/// s_umount is taken here before it is released.
// Kernel: 6.8
#include <linux/fs.h>

static long ivy_quota_write(struct super_block *sb, int type, const char *data, size_t len, loff_t pos)
{
	down_read(&sb->s_umount);
	memcpy((char *)sb->s_fs_info + pos, data, len);
	up_read(&sb->s_umount);	/* ok: quota_write.must_not_call */
	return len;
}

const struct super_operations ivy_sops = {
	.quota_write = ivy_quota_write,
};
