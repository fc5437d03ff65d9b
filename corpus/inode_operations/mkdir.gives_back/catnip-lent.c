// SPDX-License-Identifier: GPL-2.0-only
/// A block that its getter may also remember is lent, where not all others who call it give it back.
// Kernel: 6.8
#include <linux/fs.h>

struct buffer_head {
	void *b_data;
};

struct catnip_list { struct buffer_head *seen; };

struct buffer_head *sb_bread(struct super_block *sb, sector_t block);
void brelse(struct buffer_head *bh);
int catnip_log(struct catnip_list *list);

static struct buffer_head *catnip_get(struct super_block *sb, struct catnip_list *list)
{
	struct buffer_head *bh = sb_bread(sb, 1);

	if (bh)
		list->seen = bh;
	return bh;
}

static int catnip_first(struct super_block *sb, struct catnip_list *list)
{
	struct buffer_head *bh = catnip_get(sb, list);
	int err = catnip_log(list);

	brelse(bh);
	return err;
}

static int catnip_next(struct super_block *sb, struct catnip_list *list)
{
	struct buffer_head *bh = catnip_get(sb, list);

	return bh ? catnip_first(sb, list) : -EIO;	/* ok: mkdir.gives_back */
}

static int catnip_mkdir(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode)
{
	struct buffer_head *bh = catnip_get(dir->i_sb, dir->i_private);

	if (!bh)
		return -EIO;	/* ok: mkdir.gives_back */
	if (catnip_next(dir->i_sb, dir->i_private))
		return -EINVAL;	/* ok: mkdir.gives_back */
	return 0;	/* ok: mkdir.gives_back */
}

const struct inode_operations catnip_iops = {
	.mkdir = catnip_mkdir,
};
