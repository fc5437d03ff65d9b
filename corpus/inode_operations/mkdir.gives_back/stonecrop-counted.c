// SPDX-License-Identifier: GPL-2.0-only
/// A count that went up goes down behind a label: the release alone would leave it too high.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

struct buffer_head {
	void *b_data;
};

struct buffer_head *sb_bread(struct super_block *sb, sector_t block);
void brelse(struct buffer_head *bh);
int stonecrop_write(struct inode *dir);
int stonecrop_add(struct inode *dir);
void stonecrop_inc_links(struct inode *dir);
void stonecrop_dec_links(struct inode *dir);

static int stonecrop_mkdir(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode)
{
	struct buffer_head *bh = sb_bread(dir->i_sb, 2);
	int err;

	if (!bh)
		return -EIO;	/* ok: mkdir.gives_back */
	stonecrop_inc_links(dir);
	err = stonecrop_write(dir);
	if (err)
		goto undo;
	err = stonecrop_add(dir);
	if (err)
		goto out;
	brelse(bh);
	return 0;	/* ok: mkdir.gives_back */
undo:
	stonecrop_dec_links(dir);
	brelse(bh);
out:
	return err;	/* violates: mkdir.gives_back */
}

const struct inode_operations stonecrop_iops = {
	.mkdir = stonecrop_mkdir,
};
