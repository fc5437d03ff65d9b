// SPDX-License-Identifier: GPL-2.0-only
/// A block comes by an out-parameter that is set in one breath with a variable; another is read on behind the name of a parameter.
#include <linux/buffer_head.h>
#include <linux/methods.h>

int pintail_root_statfs(struct dentry *dentry, struct kstatfs *buf);
long pintail_count(const void *data);

static void *pintail_map(struct super_block *sb, int block, struct buffer_head **bhp)
{
	struct buffer_head *bh;

	*bhp = bh = sb_bread(sb, block);
	if (!bh)
		return NULL;
	return bh->b_data;
}

static long pintail_deep(struct super_block *sb, struct buffer_head *bh)
{
	long n = pintail_count(bh->b_data);

	while (n > 1) {
		brelse(bh);
		if (!pintail_map(sb, n, &bh))
			return -EIO;
		n = pintail_count(bh->b_data);
	}
	brelse(bh);
	return n;	/* ok: read.gives_back */
}

static long pintail_read(struct file *file, char *buf, size_t len, loff_t *pos)
{
	struct super_block *sb = file->f_inode->i_sb;
	struct buffer_head *bh;

	if (!pintail_map(sb, 0, &bh))
		return -EIO;
	if (!len)
		return -EINVAL;	/* violates: read.gives_back */
	return pintail_deep(sb, bh);	/* ok: read.gives_back */
}

const struct file_operations pintail_fops = {
	.read = pintail_read,
};

const struct super_operations pintail_root_sops = {
	.statfs = pintail_root_statfs,
};
