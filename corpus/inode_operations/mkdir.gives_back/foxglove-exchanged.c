// SPDX-License-Identifier: GPL-2.0-only
/// A block that changed places with one that the caller keeps is as much owed as before; which of two names owes, nobody can see.
// Kernel: 6.8
#include <linux/fs.h>
#include <linux/minmax.h>

struct buffer_head {
	unsigned char *b_data;
};

struct foxglove_frame {
	struct buffer_head *bh;
};

struct buffer_head *sb_bread(struct super_block *sb, sector_t block);
void brelse(struct buffer_head *bh);
int foxglove_log(struct inode *dir, int step);

static int foxglove_split(struct inode *dir, struct foxglove_frame *frame, int at)
{
	struct buffer_head *bh = sb_bread(dir->i_sb, 7);
	int err;

	if (!bh)
		return -EIO;	/* ok: mkdir.gives_back */
	err = foxglove_log(dir, 1);
	if (err)
		goto out;
	if (bh->b_data[0] < at)
		swap(frame->bh, bh);
	err = foxglove_log(dir, 2);
	if (err)
		goto out;
	brelse(bh);
	err = foxglove_log(dir, 3);
out:
	return err;	/* violates: mkdir.gives_back */
}

static int foxglove_mkdir(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode)
{
	struct foxglove_frame frame = { .bh = NULL };

	return foxglove_split(dir, &frame, mode);
}

const struct inode_operations foxglove_iops = {
	.mkdir = foxglove_mkdir,
};
