// SPDX-License-Identifier: GPL-2.0-only
/// A helper shows where the owner's block is: nobody who asks it gives that back.
// Kernel: 6.8
#include <linux/fs.h>

struct buffer_head {
	void *b_data;
};

struct buffer_head *sb_bread(struct super_block *sb, sector_t block);
void brelse(struct buffer_head *bh);
int dunnock_log(struct inode *dir);

struct dunnock_box { struct buffer_head *bh; };

static int dunnock_show(struct inode *dir, struct buffer_head **bh)
{
	struct dunnock_box *box = dir->i_private;

	if (!box)
		return -EIO;	/* ok: mkdir.gives_back */
	*bh = box->bh;
	return 0;	/* ok: mkdir.gives_back */
}

static int dunnock_look(struct inode *dir)
{
	struct buffer_head *bh;
	int err = dunnock_show(dir, &bh);

	return err ? err : dunnock_log(dir);	/* ok: mkdir.gives_back */
}

static int dunnock_mkdir(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode)
{
	struct buffer_head *bh;
	int err = dunnock_show(dir, &bh);

	if (!err && dunnock_look(dir))
		return -EINVAL;	/* ok: mkdir.gives_back */
	return err;	/* ok: mkdir.gives_back */
}

const struct inode_operations dunnock_iops = {
	.mkdir = dunnock_mkdir,
};
