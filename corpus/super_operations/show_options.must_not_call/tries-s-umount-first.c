// SPDX-License-Identifier: GPL-2.0-only
/// The options are shown only where s_umount could be had.
// Kernel: 6.8
#include <linux/fs.h>

static int henbane_show_options(struct seq_file *seq, struct dentry *dentry)
{
	struct super_block *sb = dentry->d_sb;

	if (down_read_trylock(&sb->s_umount)) {
		seq_puts(seq, sb->s_fs_info);
		up_read(&sb->s_umount);	/* ok: show_options.must_not_call */
	}
	return 0;
}

const struct super_operations henbane_sops = {
	.show_options = henbane_show_options,
};
