// SPDX-License-Identifier: GPL-2.0-only
/// A block with which a structure begins is given back by that structure, or lost.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

struct buffer_head *sb_bread(struct super_block *sb, int block);
void brelse(struct buffer_head *bh);

struct siskin_loc {
	int at;
	struct buffer_head *bh;
};

int siskin_look(struct inode *dir);

static void siskin_put(struct siskin_loc *loc)
{
	brelse(loc->bh);
}

static struct dentry *siskin_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct siskin_loc loc = { .at = 1, .bh = sb_bread(dir->i_sb, 1) };

	if (!loc.bh)
		return ERR_PTR(-EIO);	/* ok: lookup.gives_back */
	if (siskin_look(dir)) {
		siskin_put(&loc);
		return ERR_PTR(-EIO);	/* ok: lookup.gives_back */
	}
	if (flags)
		return ERR_PTR(-EIO);	/* violates: lookup.gives_back moderate */
	siskin_put(&loc);
	return NULL;	/* ok: lookup.gives_back */
}

const struct inode_operations siskin_iops = {
	.lookup = siskin_lookup,
};
