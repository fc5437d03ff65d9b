// SPDX-License-Identifier: GPL-2.0-only
/// The directory is locked here.
// Kernel: 6.8
#include <linux/fs.h>

static int ginger_tmpfile(struct mnt_idmap *idmap, struct inode *dir, struct file *file, umode_t mode)
{
	down_read(&dir->i_rwsem);
	file->private_data = new_inode(dir->i_sb);
	up_read(&dir->i_rwsem);	/* ok: tmpfile.must_not_call */
	return 0;
}

const struct inode_operations ginger_iops = {
	.tmpfile = ginger_tmpfile,
};
