// SPDX-License-Identifier: GPL-2.0-only
/// What prints the state of a file system has it synced first, in a loop and with nothing held.
// Kernel: 6.8
// Fixable: no
// Source: after the shape of a7c4bb43bfdc ("fs/notify: call exportfs_encode_fid with s_umount"), put before ->sync_fs
#include <linux/fs.h>

static int sedge_print(struct seq_file *seq, struct super_block **supers, unsigned int count)
{
	struct super_block *sb;
	int err = 0;

	for (sb = *supers; count--; sb = *++supers) {
		err = sb->s_op->sync_fs(sb, 0);	/* violates: sync_fs.callers low */
		if (err)
			break;
		seq_puts(seq, "synced");
	}
	return err;
}

static int sedge_show_options(struct seq_file *seq, struct dentry *dentry)
{
	return sedge_print(seq, dentry->d_fsdata, 2);
}

const struct super_operations sedge_super_ops = {
	.show_options = sedge_show_options,
};
