// SPDX-License-Identifier: GPL-2.0-only
/// A directory that is found to be damaged is left with its block still referenced.
// Source: shape of the code before 0a6dc67a6aa4 ("isofs: release buffer head before return")
#include <linux/buffer_head.h>
#include <linux/methods.h>
#include <linux/pagemap.h>

int oxeye_statfs(struct dentry *dentry, struct kstatfs *buf);

static int oxeye_iterate(struct file *file, void *context)
{
	struct inode *dir = file->private_data;
	struct buffer_head *bh = NULL;
	unsigned long block;

	for (block = 0; block < 8; block++) {
		bh = sb_bread(dir->i_sb, block);
		if (!bh)
			return -EIO;
		if (!bh->b_data) {
			brelse(bh);
			return -EINVAL;
		}
		brelse(bh);
	}
	return 0;
}

const struct file_operations oxeye_dir_fops = {
	.iterate_shared = oxeye_iterate,
};

const struct super_operations oxeye_sops = {
	.statfs = oxeye_statfs,
};
