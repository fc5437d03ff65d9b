// SPDX-License-Identifier: GPL-2.0-only
/// A number that is read out of a buffer head tells nobody where to find it; who is given its data may look after it.
// Kernel: 6.8
// Source: the shape of udf_read_inode() of 6.1, with a failure in place of its success
#include <linux/fs.h>

struct buffer_head { char *b_data; };
struct comfrey_raw { unsigned int size, blocks; };
struct comfrey { unsigned int size; void *raw; };
struct buffer_head *sb_bread(struct super_block *sb, sector_t block);
void brelse(struct buffer_head *bh);
unsigned int le32_to_cpu(unsigned int value);
int comfrey_alloc(struct comfrey *own);

static struct dentry *comfrey_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct comfrey *own = dir->i_private;
	struct buffer_head *bh = sb_bread(dir->i_sb, 7);

	if (!bh)
		return ERR_PTR(-EIO);	/* ok: lookup.gives_back */
	own->size = le32_to_cpu(((struct comfrey_raw *)bh->b_data)->size);
	if (comfrey_alloc(own))
		return ERR_PTR(-ENOMEM);	/* violates: lookup.gives_back */
	brelse(bh);
	return NULL;	/* ok: lookup.gives_back */
}

static struct dentry *borage_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct comfrey *own = dir->i_private;
	struct buffer_head *bh = sb_bread(dir->i_sb, 7);

	if (!bh)
		return ERR_PTR(-EIO);	/* ok: lookup.gives_back */
	own->raw = bh->b_data;
	if (comfrey_alloc(own))
		return ERR_PTR(-ENOMEM);	/* ok: lookup.gives_back */
	return NULL;	/* ok: lookup.gives_back */
}

const struct inode_operations comfrey_iops = {
	.lookup = comfrey_lookup,
};

const struct inode_operations borage_iops = {
	.lookup = borage_lookup,
};
