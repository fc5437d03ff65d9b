// SPDX-License-Identifier: GPL-2.0-only
/// Of the ways that return nothing one keeps the block; what is returned otherwise leads to it.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

struct buffer_head {
	void *b_data;
};

struct buffer_head *sb_bread(struct super_block *sb, sector_t block);
void brelse(struct buffer_head *bh);
int brambling_log(struct inode *dir);

static void *brambling_map(struct inode *dir, struct buffer_head **bh)
{
	*bh = sb_bread(dir->i_sb, 1);
	if (!*bh)
		return NULL;	/* ok: mkdir.gives_back */
	return (*bh)->b_data;	/* ok: mkdir.gives_back */
}

static char *brambling_load(struct inode *dir, int size)
{
	struct buffer_head *bh;
	char *data = brambling_map(dir, &bh);

	if (!data)
		return NULL;	/* ok: mkdir.gives_back */
	if (size > 4) {
		brelse(bh);
		return NULL;	/* ok: mkdir.gives_back */
	}
	if (brambling_log(dir))
		return NULL;	/* violates: mkdir.gives_back moderate */
	data = data + size;
	brelse(bh);
	return data;	/* ok: mkdir.gives_back */
}

static int brambling_mkdir(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode)
{
	return brambling_load(dir, mode) ? 0 : -ENOMEM;	/* ok: mkdir.gives_back */
}

const struct inode_operations brambling_iops = {
	.mkdir = brambling_mkdir,
};
