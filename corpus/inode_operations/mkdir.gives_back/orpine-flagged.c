// SPDX-License-Identifier: GPL-2.0-only
/// What a label does under a flag of the function it does where the flag says so: that is no reason to write the release in line.
// Kernel: 6.8
#include <linux/fs.h>

struct buffer_head {
	void *b_data;
};

struct buffer_head *sb_bread(struct super_block *sb, sector_t block);
void brelse(struct buffer_head *bh);
int orpine_add(struct inode *dir);
void orpine_forget(struct inode *dir, int how);
int orpine_write(struct inode *dir);

static int orpine_mkdir(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode)
{
	struct buffer_head *bh = sb_bread(dir->i_sb, 1);
	int err = -EIO, noted = 0;

	if (!bh)
		goto out;
	err = orpine_write(dir);
	if (err)
		goto put;
	err = orpine_add(dir);
	noted = 1;
	if (err)
		goto out;
	err = orpine_write(dir);
put:
	brelse(bh);
	if (noted)
		orpine_forget(dir, 2);
out:
	return err;	/* violates: mkdir.gives_back */
}

const struct inode_operations orpine_iops = {
	.mkdir = orpine_mkdir,
};
