// SPDX-License-Identifier: GPL-2.0-only
/// A buffer that is kept four calls below the method: it leaks as much there.
#include <linux/buffer_head.h>
#include <linux/dcache.h>

struct knotgrass {
	unsigned int flags;
};

int knotgrass_fill(struct inode *dir, void *data);

static int knotgrass_read(struct inode *dir, struct knotgrass *found)
{
	struct buffer_head *bh = sb_bread(dir->i_sb, 1);
	int err;

	if (!bh)
		return -EIO;
	err = knotgrass_fill(dir, bh->b_data);
	if (err) {
		brelse(bh);
		return err;
	}
	found->flags = 1;
	brelse(bh);
	return 0;
}

static int knotgrass_block(struct inode *dir, struct knotgrass *found)
{
	int err = knotgrass_read(dir, found);

	return err == -EIO ? -EINVAL : err;
}

static int knotgrass_entry(struct inode *dir, struct knotgrass *found)
{
	int err = knotgrass_block(dir, found);

	return err < 0 ? err : 0;
}

static int knotgrass_unlink(struct inode *dir, struct dentry *dentry)
{
	return knotgrass_entry(dir, dir->i_private);
}

const struct inode_operations knotgrass_iops = { .unlink = knotgrass_unlink };
