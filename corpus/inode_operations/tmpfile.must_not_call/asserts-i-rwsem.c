// SPDX-License-Identifier: GPL-2.0-only
/// No name is made in the directory, so nobody locks it.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static int ginger_tmpfile(struct mnt_idmap *idmap, struct inode *dir, struct file *file, umode_t mode)
{
	lockdep_assert_held(&dir->i_rwsem);	/* violates: tmpfile.must_not_call moderate */
	file->private_data = new_inode(dir->i_sb);
	return 0;
}

const struct inode_operations ginger_iops = {
	.tmpfile = ginger_tmpfile,
};
