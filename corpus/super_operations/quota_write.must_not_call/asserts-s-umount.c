// SPDX-License-Identifier: GPL-2.0-only
/// The quota code writes its file without s_umount.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static long ivy_quota_write(struct super_block *sb, int type, const char *data, size_t len, loff_t pos)
{
	lockdep_assert_held(&sb->s_umount);	/* violates: quota_write.must_not_call moderate */
	memcpy((char *)sb->s_fs_info + pos, data, len);
	return len;
}

const struct super_operations ivy_sops = {
	.quota_write = ivy_quota_write,
};
