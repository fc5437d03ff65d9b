// SPDX-License-Identifier: GPL-2.0-only
/// Early returns beside jumps to a label: they set the error and jump too, but where the nearest exit gives back itself.
// Kernel: 6.8
#include <linux/fs.h>

struct buffer_head {
	void *b_data;
};

void kfree(const void *object);
struct buffer_head *sb_bread(struct super_block *sb, sector_t block);
void brelse(struct buffer_head *bh);
int bryony_log(struct inode *dir, sector_t block);

static int bryony_near(struct inode *dir)
{
	struct buffer_head *bh = sb_bread(dir->i_sb, 1);
	int err = 0;

	if (!bh)
		return -EIO;
	if (bryony_log(dir, 2)) {
		brelse(bh);
		return -EROFS;
	}
	if (bryony_log(dir, 3))
		return -ENOSPC;	/* violates: mkdir.gives_back */
	bryony_log(dir, 5);
	err = bryony_log(dir, 6);
	if (err)
		goto out;
out:
	brelse(bh);
	return err;
}

static int bryony_mkdir(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode)
{
	char *name = dir->i_private;
	struct buffer_head *bh = sb_bread(dir->i_sb, 3);
	int err = -EIO;

	if (!bh)
		goto free;
	err = bryony_near(dir);
	if (err)
		goto out;
	if (bryony_log(dir, 4))
		return -ENOSPC;	/* violates: mkdir.gives_back */
out:
	brelse(bh);
free:
	kfree(name);
	return err;
}

const struct inode_operations bryony_iops = {
	.mkdir = bryony_mkdir,
};
