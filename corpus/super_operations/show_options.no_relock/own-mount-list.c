// SPDX-License-Identifier: GPL-2.0-only
/// The list of the file system has a semaphore of its own.
// Kernel: 6.8
#include <linux/fs.h>

static struct rw_semaphore spurge_mounts;

static int spurge_show_options(struct seq_file *seq, struct dentry *dentry)
{
	down_read(&spurge_mounts);	/* ok: show_options.no_relock */
	seq_puts(seq, dentry->d_sb->s_fs_info);
	up_read(&spurge_mounts);
	return 0;
}

const struct super_operations spurge_sops = {
	.show_options = spurge_show_options,
};
