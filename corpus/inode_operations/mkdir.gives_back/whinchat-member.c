// SPDX-License-Identifier: GPL-2.0-only
/// What is found by way of an array of read blocks is taken, and stands in a member of a structure of the function's own.
// Kernel: 6.8
// Fixable: no
// Source: the shape of ext4_rename() of 6.12
#include <linux/fs.h>

struct buffer_head {
	void *b_data;
};

struct whinchat_name {
	struct inode *dir;
	struct buffer_head *bh;
};

void brelse(struct buffer_head *bh);
int whinchat_read_some(struct inode *dir, struct buffer_head **bhs);
int whinchat_matches(struct buffer_head *bh, struct dentry *dentry);
int whinchat_put(struct inode *dir, struct dentry *dentry);

static struct buffer_head *whinchat_find(struct inode *dir, struct dentry *dentry)
{
	struct buffer_head *bhs[4];
	struct buffer_head *bh, *found = NULL;
	int at = 0;
	if (whinchat_read_some(dir, bhs))
		return ERR_PTR(-EIO);
	while (at < 4) {
		bh = bhs[at++];
		if (whinchat_matches(bh, dentry)) {
			found = bh;
			break;
		}
		brelse(bh);
	}
	while (at < 4)
		brelse(bhs[at++]);
	return found;
}

static int whinchat_mkdir(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode)
{
	struct whinchat_name name = { .dir = dir };
	int err;
	name.bh = whinchat_find(name.dir, dentry);
	if (IS_ERR(name.bh))
		return PTR_ERR(name.bh);	/* ok: mkdir.gives_back */
	if (!name.bh || !mode)
		return -ENOENT;	/* violates: mkdir.gives_back moderate */
	err = whinchat_put(dir, dentry);
	brelse(name.bh);
	return err;	/* ok: mkdir.gives_back */
}

const struct inode_operations whinchat_iops = {
	.mkdir = whinchat_mkdir,
};
