// SPDX-License-Identifier: GPL-2.0-only
/// A return that lacks all that failures give back: it goes to the label that does, and not to the one that first prints a text.
// Kernel: 6.8
#include <linux/fs.h>

struct buffer_head;

int printk(const char *text, ...);
char *tansy_word(int length);
void kfree(const void *object);
struct buffer_head *sb_bread(struct super_block *sb, sector_t block);
void brelse(struct buffer_head *bh);
int tansy_look(struct inode *dir, sector_t block);

static int tansy_mkdir(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode)
{
	struct buffer_head *bh;
	char *word = tansy_word(8);
	int err = -ENOMEM;

	if (!word)
		return err;
	err = -EIO;
	bh = sb_bread(dir->i_sb, 1);
	if (!bh)
		goto free;
	if (tansy_look(dir, 2))
		goto unknown;
	if (tansy_look(dir, 3)) {
		err = -EROFS;
		goto out;
	}
	if (tansy_look(dir, 4))
		goto unknown;
	err = tansy_look(dir, 5);
	if (err)
		goto out;
	brelse(bh);
	kfree(word);
	return 0;
unknown:
	if (mode)
		printk("no root\n");
out:
	brelse(bh);
free:
	kfree(word);
	return err;
}

const struct inode_operations tansy_iops = {
	.mkdir = tansy_mkdir,
};
