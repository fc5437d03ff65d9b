// SPDX-License-Identifier: GPL-2.0-only
/// A table of which no document speaks has methods as well: what one of them reads it gives back, or it hands it out.
// Kernel: 6.8
#include <linux/fs.h>

struct buffer_head { const unsigned int *b_data; };
struct export_operations {
	struct dentry *(*get_parent)(struct dentry *child);
	struct dentry *(*fh_to_dentry)(struct super_block *sb, int number);
};

struct buffer_head *sb_bread(struct super_block *sb, sector_t block);
void brelse(struct buffer_head *bh);
struct dentry *avocet_alias(struct super_block *sb, unsigned int number);

static struct dentry *avocet_get_parent(struct dentry *child)
{
	struct buffer_head *bh = sb_bread(child->d_sb, 2);

	if (!bh)
		return ERR_PTR(-EIO);
	if (!bh->b_data[0]) {
		brelse(bh);
		return ERR_PTR(-ENOENT);
	}
	brelse(bh);
	return NULL;
}

static struct dentry *avocet_fh_to_dentry(struct super_block *sb, int number)
{
	struct buffer_head *bh = sb_bread(sb, number);
	struct dentry *found;

	if (!bh)
		return ERR_PTR(-EIO);
	found = avocet_alias(sb, bh->b_data[0]);
	brelse(bh);
	return found;
}

const struct export_operations avocet_export = {
	.get_parent = avocet_get_parent,
	.fh_to_dentry = avocet_fh_to_dentry,
};

static struct dentry *avocet_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	return NULL;
}

const struct inode_operations avocet_iops = { .lookup = avocet_lookup };
