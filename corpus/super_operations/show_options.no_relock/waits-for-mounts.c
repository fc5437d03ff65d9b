// SPDX-License-Identifier: GPL-2.0-only
/// /proc/mounts is read under namespace_sem.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static int spurge_show_options(struct seq_file *seq, struct dentry *dentry)
{
	down_read(&namespace_sem);	/* violates: show_options.no_relock low */
	seq_puts(seq, dentry->d_sb->s_fs_info);
	up_read(&namespace_sem);
	return 0;
}

const struct super_operations spurge_sops = {
	.show_options = spurge_show_options,
};
