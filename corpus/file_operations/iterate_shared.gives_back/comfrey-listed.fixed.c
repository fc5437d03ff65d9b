// SPDX-License-Identifier: GPL-2.0-only
/// A directory is listed block by block, and a broken block stays referenced; one that cannot be read does not.
// Source: the shape of ntfs_trim_fs() of 7.3, put into ->iterate_shared
#include <linux/buffer_head.h>
#include <linux/methods.h>

int comfrey_emit(void *context, const void *data);
int comfrey_statfs(struct dentry *dentry, struct kstatfs *buf);

static int comfrey_iterate(struct file *file, void *context)
{
	struct inode *dir = file->f_inode;
	sector_t block;
	int err = 0;

	if (!dir->i_size)
		return -EINVAL;
	down_read(&dir->i_rwsem);
	for (block = 0; block < dir->i_size; block++) {
		struct buffer_head *bh = sb_bread(dir->i_sb, block);

		if (!bh) {
			err = -EIO;
			break;
		}
		err = comfrey_emit(context, bh->b_data);
		if (err) {
			brelse(bh);
			goto out;
		}
		brelse(bh);
	}
out:
	up_read(&dir->i_rwsem);
	return err;
}

const struct file_operations comfrey_fops = {
	.iterate_shared = comfrey_iterate,
};

const struct super_operations comfrey_sops = {
	.statfs = comfrey_statfs,
};
