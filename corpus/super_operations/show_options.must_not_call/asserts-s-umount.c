// SPDX-License-Identifier: GPL-2.0-only
/// /proc/mounts is read without s_umount.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static int henbane_show_options(struct seq_file *seq, struct dentry *dentry)
{
	struct super_block *sb = dentry->d_sb;

	lockdep_assert_held(&sb->s_umount);	/* violates: show_options.must_not_call moderate */
	seq_puts(seq, sb->s_fs_info);
	return 0;
}

const struct super_operations henbane_sops = {
	.show_options = henbane_show_options,
};
