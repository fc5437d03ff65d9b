// SPDX-License-Identifier: GPL-2.0-only
/// A block that its getter may also remember is the caller's, where all others who call it give it back.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

struct buffer_head {
	void *b_data;
};

struct hyssop_list { struct buffer_head *seen; };

struct buffer_head *sb_bread(struct super_block *sb, sector_t block);
void brelse(struct buffer_head *bh);
int hyssop_log(struct hyssop_list *list);

static struct buffer_head *hyssop_get(struct super_block *sb, struct hyssop_list *list)
{
	struct buffer_head *bh = sb_bread(sb, 1);

	if (bh)
		list->seen = bh;
	return bh;
}

static int hyssop_first(struct super_block *sb, struct hyssop_list *list)
{
	struct buffer_head *bh = hyssop_get(sb, list);
	int err = hyssop_log(list);

	brelse(bh);
	return err;
}

static int hyssop_next(struct super_block *sb, struct hyssop_list *list)
{
	struct buffer_head *bh = hyssop_get(sb, list);

	if (!bh)
		return -EIO;	/* ok: mkdir.gives_back */
	brelse(bh);
	return hyssop_first(sb, list);
}

static int hyssop_mkdir(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode)
{
	struct buffer_head *bh = hyssop_get(dir->i_sb, dir->i_private);

	if (!bh)
		return -EIO;	/* ok: mkdir.gives_back */
	if (hyssop_next(dir->i_sb, dir->i_private))
		return -EINVAL;	/* violates: mkdir.gives_back moderate */
	return 0;	/* violates: mkdir.gives_back moderate */
}

const struct inode_operations hyssop_iops = {
	.mkdir = hyssop_mkdir,
};
