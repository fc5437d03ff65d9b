// SPDX-License-Identifier: GPL-2.0-only
/// The first failure lacks what a later one goes to a label for; and one where the label frees what is not there yet.
// Kernel: 6.8
#include <linux/fs.h>

struct buffer_head;

char *campion_word(int length);
void kfree(const void *object);
struct buffer_head *sb_bread(struct super_block *sb, sector_t block);
void brelse(struct buffer_head *bh);
int campion_look(struct inode *dir, sector_t block);

static int campion_name(struct inode *dir)
{
	struct buffer_head *bh = sb_bread(dir->i_sb, 1);
	char *word;
	int err;

	if (!bh)
		return -EIO;
	if (campion_look(dir, 2))
		return -EROFS;	/* violates: mkdir.gives_back */
	word = campion_word(8);
	err = campion_look(dir, 3);
	if (err)
		goto out;
	err = campion_look(dir, 4);
out:
	kfree(word);
	brelse(bh);
	return err;
}

static int campion_mkdir(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode)
{
	struct buffer_head *bh = sb_bread(dir->i_sb, 5);
	int err;

	if (!bh)
		return -EIO;
	err = campion_look(dir, 6);
	if (err)
		return err;	/* violates: mkdir.gives_back */
	err = campion_name(dir);
	if (err)
		goto out;
	err = campion_look(dir, 7);
out:
	brelse(bh);
	if (!err)
		err = campion_look(dir, 8);
	return err;
}

const struct inode_operations campion_iops = {
	.mkdir = campion_mkdir,
};
