// SPDX-License-Identifier: GPL-2.0-only
/// What is read into a variable of its caller stays referenced there where a sync fails; whatever case the reader's name is in.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

struct buffer_head { char *b_data; };
struct dunlin_raw { int size; };

struct buffer_head *sb_bread(struct super_block *sb, sector_t block);
void brelse(struct buffer_head *bh);
int dunlin_sync(struct inode *inode);

static struct dunlin_raw *dunlin_V1_raw(struct super_block *sb, unsigned long number, struct buffer_head **bh)
{
	struct dunlin_raw *raw;

	if (!number)
		return NULL;
	*bh = sb_bread(sb, number / 8);
	if (!*bh)
		return NULL;
	raw = (void *)(*bh)->b_data;
	return raw + number % 8;
}

static int dunlin_write(struct inode *inode)
{
	struct buffer_head *bh = NULL;
	struct dunlin_raw *raw = dunlin_V1_raw(inode->i_sb, inode->i_ino, &bh);
	int err;

	if (!raw)
		return -EIO;	/* ok: lookup.gives_back */
	err = dunlin_sync(inode);
	if (err)
		return -EIO;	/* violates: lookup.gives_back moderate */
	raw->size = 0;
	brelse(bh);
	return 0;
}

static struct dentry *dunlin_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	return ERR_PTR(dunlin_write(dir));
}

const struct inode_operations dunlin_iops = { .lookup = dunlin_lookup };
