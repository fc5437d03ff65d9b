// SPDX-License-Identifier: GPL-2.0-only
/// What is undone ahead of the one release that there is belongs to another taking: the cached block has only to be put.
// Kernel: 6.8
#include <linux/fs.h>

struct buffer_head {
	char *b_data;
	bool b_ready;
};

struct buffer_head *sb_find_get_block(struct super_block *sb, sector_t block);
struct buffer_head *sb_bread(struct super_block *sb, sector_t block);
void brelse(struct buffer_head *bh);
void wryneck_later(void *done, struct buffer_head *bh);
void wryneck_mark(struct buffer_head *bh);
void wryneck_release_mark(struct buffer_head *bh);
bool wryneck_bad(char *data);

static const char *wryneck_get_link(struct dentry *dentry, struct inode *inode, void *done)
{
	struct buffer_head *bh;

	if (!dentry) {
		bh = sb_find_get_block(inode->i_sb, 1);
		if (!bh)
			return ERR_PTR(-ECHILD);	/* ok: get_link.gives_back */
		if (!bh->b_ready)
			return ERR_PTR(-ECHILD);	/* violates: get_link.gives_back */
	} else {
		bh = sb_bread(inode->i_sb, 1);
		if (!bh)
			return ERR_PTR(-EIO);	/* ok: get_link.gives_back */
		wryneck_mark(bh);
		if (wryneck_bad(bh->b_data)) {
			wryneck_release_mark(bh);
			brelse(bh);
			return ERR_PTR(-EIO);	/* ok: get_link.gives_back */
		}
	}
	wryneck_later(done, bh);
	return bh->b_data;	/* ok: get_link.gives_back */
}

const struct inode_operations wryneck_iops = {
	.get_link = wryneck_get_link,
};
