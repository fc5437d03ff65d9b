// SPDX-License-Identifier: GPL-2.0-only
/// What points into a buffer is gone with it, on whichever line of a step it is looked into; what is read before it is not.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

struct buffer_head { char *b_data; };
struct siskin { int sort, size; };

struct buffer_head *sb_bread(struct super_block *sb, int block);
void brelse(struct buffer_head *bh);
void siskin_print(const char *text, struct inode *dir, int sort);

static int siskin_size(struct buffer_head *bh)
{
	struct siskin *own = (struct siskin *)bh->b_data;
	int size = own->size;

	brelse(bh);
	return size;
}

static struct dentry *siskin_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct buffer_head *bh = sb_bread(dir->i_sb, 1);
	struct siskin *own;

	if (!bh)
		return ERR_PTR(-EIO);
	own = (struct siskin *)bh->b_data + 1;
	if (own->sort) {
		brelse(bh);
		siskin_print("unknown sort in %lu: %d",	/* violates: lookup.gives_back moderate */
			     dir,
			     own->sort);
		return ERR_PTR(-EIO);
	}
	return ERR_PTR(siskin_size(bh));	/* ok: lookup.gives_back */
}

const struct inode_operations siskin_iops = { .lookup = siskin_lookup };
