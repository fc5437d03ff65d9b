// SPDX-License-Identifier: GPL-2.0-only
/// Jumps past a release: one goes to the label that has it, two get the call.
// Kernel: 6.8
// Source: the shapes of affs_remove_link() and ntfs_read_run_nb() of 6.12
#include <linux/fs.h>

struct buffer_head {
	void *b_data;
};

struct buffer_head *sb_bread(struct super_block *sb, sector_t block);
void brelse(struct buffer_head *bh);
int teasel_log(struct inode *dir, sector_t block);

static int teasel_two(struct inode *dir, struct buffer_head **table)
{
	struct buffer_head *bh = sb_bread(dir->i_sb, 1);
	int err = -EIO;

	if (!bh)
		return err;
	err = teasel_log(dir, 1);
	if (err)
		goto out;
	err = teasel_log(dir, 2);
	if (err)
		goto out;
	err = 0;
	brelse(bh);
out:
	*table = NULL;
	return err;	/* violates: mkdir.gives_back */
}

static int teasel_mkdir(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode)
{
	struct buffer_head *bh = sb_bread(dir->i_sb, 3);
	int err = -EIO;

	if (!bh)
		goto out;
	err = teasel_two(dir, dir->i_private);
	if (err)
		goto put;
	err = teasel_log(dir, 4);
	if (err)
		goto out;
	err = 0;
put:
	brelse(bh);
out:
	return err;	/* violates: mkdir.gives_back */
}

const struct inode_operations teasel_iops = {
	.mkdir = teasel_mkdir,
};
