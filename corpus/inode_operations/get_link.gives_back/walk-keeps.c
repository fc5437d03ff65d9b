// SPDX-License-Identifier: GPL-2.0-only
/// A cached block that is not ready sends rcu-walk back, and is kept; the other block is taken outside of rcu-walk.
// Kernel: 6.8
// Source: the shape of ext4_get_link() of 6.1
#include <linux/fs.h>

struct buffer_head {
	char *b_data;
	bool b_ready;
};

struct buffer_head *sb_find_get_block(struct super_block *sb, sector_t block);
struct buffer_head *sb_bread(struct super_block *sb, sector_t block);
void brelse(struct buffer_head *bh);
void fennel_later(void *done, struct buffer_head *bh);
int fennel_walk(struct inode *inode);

static const char *fennel_get_link(struct dentry *dentry, struct inode *inode, void *done)
{
	struct buffer_head *bh;

	if (!dentry) {
		bh = sb_find_get_block(inode->i_sb, 1);
		if (!bh || !bh->b_ready)
			return ERR_PTR(-ECHILD);	/* violates: get_link.gives_back */
	} else {
		bh = sb_bread(inode->i_sb, 1);
		if (!bh)
			return ERR_PTR(-EIO);	/* ok: get_link.gives_back */
		if (fennel_walk(inode))
			return ERR_PTR(-ECHILD);	/* violates: get_link.gives_back low */
	}
	fennel_later(done, bh);
	return bh->b_data;	/* ok: get_link.gives_back */
}

const struct inode_operations fennel_iops = {
	.get_link = fennel_get_link,
};
