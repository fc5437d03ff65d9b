// SPDX-License-Identifier: GPL-2.0-only
/// A block stands where others find it: work that is queued with a part of that place may give it back later.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

struct buffer_head *sb_bread(struct super_block *sb, int block);
void brelse(struct buffer_head *bh);
int schedule_delayed_work(void *work, unsigned long delay);
int wryneck_look(struct inode *dir);

struct wryneck {
	struct buffer_head *bh;
	long work;
};

static int wryneck_read(struct inode *dir, struct wryneck *bird, unsigned int flags)
{
	bird->bh = sb_bread(dir->i_sb, 1);
	if (!bird->bh)
		return -EIO;
	if (wryneck_look(dir)) {
		brelse(bird->bh);
		return -EIO;	/* ok: lookup.gives_back */
	}
	if (flags & 1) {
		schedule_delayed_work(&bird->work, 5);
		return -EAGAIN;	/* ok: lookup.gives_back */
	}
	if (flags & 2)
		return -EAGAIN;	/* violates: lookup.gives_back moderate */
	return 0;
}

static struct dentry *wryneck_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	return ERR_PTR(wryneck_read(dir, dir->i_sb->s_fs_info, flags));
}

const struct inode_operations wryneck_iops = {
	.lookup = wryneck_lookup,
};
