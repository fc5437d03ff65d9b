// SPDX-License-Identifier: GPL-2.0-only
/// What a callee keeps with a count of its own stays its caller's; what it keeps without one does not.
// Kernel: 6.8
// Source: the shape of jbd2_journal_add_journal_head() of 6.1
#include <linux/fs.h>

struct buffer_head {
	void *b_data;
};

struct teasel_log {
	struct buffer_head *head;
};

struct buffer_head *sb_bread(struct super_block *sb, sector_t block);
void get_bh(struct buffer_head *bh);
void brelse(struct buffer_head *bh);
int teasel_write(struct inode *dir);

static void teasel_remember(struct teasel_log *log, struct buffer_head *bh)
{
	log->head = bh;
	get_bh(bh);
}

static void teasel_hand_over(struct teasel_log *log, struct buffer_head *bh)
{
	log->head = bh;
}

static int teasel_mkdir(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode)
{
	struct buffer_head *bh = sb_bread(dir->i_sb, 1), *other;

	if (!bh)
		return -EIO;	/* ok: mkdir.gives_back */
	other = sb_bread(dir->i_sb, 2);
	if (!other) {
		brelse(bh);
		return -EIO;	/* ok: mkdir.gives_back */
	}
	teasel_remember(dir->i_private, bh);
	teasel_hand_over(dir->i_private, other);
	if (teasel_write(dir))
		return -EIO;	/* violates: mkdir.gives_back */
	brelse(bh);
	return 0;	/* ok: mkdir.gives_back */
}

const struct inode_operations teasel_iops = {
	.mkdir = teasel_mkdir,
};
