// SPDX-License-Identifier: GPL-2.0-only
/// A return that lacks two things goes to the label that gives back both, not to the one behind which only what is found stands.
// Kernel: 6.8
#include <linux/fs.h>

struct buffer_head;

char *fennel_word(int length);
void kfree(const void *object);
struct buffer_head *sb_bread(struct super_block *sb, sector_t block);
void brelse(struct buffer_head *bh);
int fennel_look(struct inode *dir, sector_t block);

static int fennel_mkdir(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode)
{
	struct buffer_head *bh = sb_bread(dir->i_sb, 1);
	char *word;
	int err;

	if (!bh)
		return -EIO;
	err = fennel_look(dir, 2);
	if (err)
		goto out;
	err = -ENOMEM;
	word = fennel_word(8);
	if (!word)
		goto out;
	err = fennel_look(dir, 3);
	if (err)
		goto free;
	err = fennel_look(dir, 4);
	if (err)
		goto free;
	err = fennel_look(dir, 5);
free:
	kfree(word);
out:
	brelse(bh);
	return err;
}

const struct inode_operations fennel_iops = {
	.mkdir = fennel_mkdir,
};
