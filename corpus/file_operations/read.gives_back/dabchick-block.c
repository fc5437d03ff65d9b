// SPDX-License-Identifier: GPL-2.0-only
/// A block is read, looked into and forgotten on every way; another one is put where the next method finds it.
#include <linux/buffer_head.h>
#include <linux/methods.h>

struct dabchick_map { struct buffer_head *bh; };

int dabchick_words(const void *data);
int dabchick_block_statfs(struct dentry *dentry, struct kstatfs *buf);

static long dabchick_look(struct file *file, char *buf, size_t len, loff_t *pos)
{
	struct buffer_head *bh = sb_bread(file->f_inode->i_sb, 0);
	int words;

	if (!bh)
		return -EIO;	/* ok: read.gives_back */
	words = dabchick_words(bh->b_data);
	return words;	/* violates: read.gives_back moderate */
}

static long dabchick_put_by(struct file *file, char *buf, size_t len, loff_t *pos)
{
	struct buffer_head *bh = sb_bread(file->f_inode->i_sb, 1);
	struct dabchick_map *map = file->private_data;

	if (!bh)
		return -EIO;
	map->bh = bh;
	return len;	/* ok: read.gives_back */
}

const struct file_operations dabchick_look_fops = {
	.read = dabchick_look,
};

const struct file_operations dabchick_put_by_fops = {
	.read = dabchick_put_by,
};

const struct super_operations dabchick_block_sops = {
	.statfs = dabchick_block_statfs,
};
