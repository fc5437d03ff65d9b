// SPDX-License-Identifier: GPL-2.0-only
/// Who looks for an entry leaves its block where its caller says, by way of another function; for NULL it leaves nothing there.
// Kernel: 6.8
// Source: the shape of ufs_find_entry() of 6.12
#include <linux/fs.h>

struct buffer_head {
	void *b_data;
};

struct buffer_head *sb_bread(struct super_block *sb, sector_t block);
void brelse(struct buffer_head *bh);
int wheatear_matches(void *entry, struct dentry *dentry);
int wheatear_set(struct inode *dir, void *entry);

static void *wheatear_get(struct inode *dir, int n, struct buffer_head **out)
{
	struct buffer_head *bh = sb_bread(dir->i_sb, n);

	if (!bh)
		return ERR_PTR(-EIO);
	*out = bh;
	return bh->b_data;
}

static void *wheatear_find(struct inode *dir, struct dentry *dentry, struct buffer_head **out)
{
	void *entry;
	int n;

	for (n = 0; n < 8; n++) {
		entry = wheatear_get(dir, n, out);
		if (IS_ERR(entry))
			continue;
		if (wheatear_matches(entry, dentry))
			return entry;
		brelse(*out);
	}
	return NULL;
}

static int wheatear_mkdir(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode)
{
	struct buffer_head *bh;
	void *entry = wheatear_find(dir, dentry, &bh);

	if (!entry)
		return -ENOENT;
	if (wheatear_set(dir, entry)) {
		brelse(bh);
		return -EIO;
	}
	brelse(bh);
	return 0;
}

const struct inode_operations wheatear_iops = {
	.mkdir = wheatear_mkdir,
};
