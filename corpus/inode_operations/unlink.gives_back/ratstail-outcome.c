// SPDX-License-Identifier: GPL-2.0-only
/// What a test said of a taking is kept in a member, or the thing itself is handed out where there is no error.
#include <linux/buffer_head.h>
#include <linux/dcache.h>
#include <linux/methods.h>

struct ratstail {
	bool there;
	unsigned int flags;
};

int ratstail_fill(struct inode *dir, void *data);

static struct buffer_head *ratstail_block(struct inode *dir)
{
	struct buffer_head *bh = sb_bread(dir->i_sb, 1);
	int err;

	if (!bh)
		return ERR_PTR(-EIO);
	err = ratstail_fill(dir, bh->b_data);
	if (err < 0)
		brelse(bh);
	return err ? ERR_PTR(err) : bh; /* ok: unlink.gives_back */
}

static int ratstail_entry(struct inode *dir, struct ratstail *found)
{
	struct buffer_head *bh = sb_bread(dir->i_sb, 2);
	int err;

	found->there = bh != NULL;
	if (found->there)
		brelse(bh);
	err = ratstail_fill(dir, found);
	return err; /* ok: unlink.gives_back */
}

static int ratstail_unlink(struct inode *dir, struct dentry *dentry)
{
	struct buffer_head *bh = ratstail_block(dir);
	int err;

	if (IS_ERR(bh))
		return PTR_ERR(bh);
	err = ratstail_entry(dir, dir->i_private);
	if (err)
		return err; /* violates: unlink.gives_back */
	brelse(bh);
	return 0;
}

const struct inode_operations ratstail_iops = { .unlink = ratstail_unlink };
