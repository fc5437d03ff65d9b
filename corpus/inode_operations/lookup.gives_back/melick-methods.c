// SPDX-License-Identifier: GPL-2.0-only
/// Who asks whether a table has a method that each of them has does not fail by it.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

struct buffer_head { void *b_data; };
struct melick_ops { int (*dig)(struct inode *dir); int (*sow)(struct inode *dir); };
struct melick_bed { const struct melick_ops *ops; };

struct buffer_head *sb_bread(struct super_block *sb, sector_t block);
void brelse(struct buffer_head *bh);

static int melick_dig(struct inode *dir)
{
	return dir->i_private ? 0 : -EIO;
}

static const struct melick_ops melick_wet = { .dig = melick_dig, .sow = melick_dig };
static const struct melick_ops melick_dry = { .dig = melick_dig };

const struct melick_ops *melick_sorts[] = { &melick_wet, &melick_dry };

static struct dentry *melick_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct melick_bed *bed = dir->i_private;
	struct buffer_head *bh = sb_bread(dir->i_sb, 1);
	int err;

	if (!bh)
		return ERR_PTR(-EIO);	/* ok: lookup.gives_back */
	if (!bed->ops->dig)
		return ERR_PTR(-EINVAL);	/* violates: lookup.gives_back low */
	err = bed->ops->dig(dir);
	brelse(bh);
	return ERR_PTR(err);	/* ok: lookup.gives_back */
}

const struct inode_operations melick_iops = { .lookup = melick_lookup };
