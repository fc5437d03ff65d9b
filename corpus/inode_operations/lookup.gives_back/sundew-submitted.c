// SPDX-License-Identifier: GPL-2.0-only
/// A buffer head that was locked is unlocked, or the end of its I/O does that: of one that was put aside for a later round as well.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

struct buffer_head { int b_count; };

struct buffer_head *sb_getblk(struct super_block *sb, unsigned long block);
void brelse(struct buffer_head *bh);
int buffer_uptodate(struct buffer_head *bh);
void wait_on_buffer(struct buffer_head *bh);
void lock_buffer(struct buffer_head *bh);
void unlock_buffer(struct buffer_head *bh);
void submit_bh(unsigned int opf, struct buffer_head *bh);
struct sundew_chunk { struct buffer_head *bh[8]; int count; };

static void sundew_add(struct sundew_chunk *chunk, struct buffer_head *bh)
{
	chunk->bh[chunk->count++] = bh;
}

static int sundew_later(struct sundew_chunk *chunk, struct buffer_head *bh)
{
	lock_buffer(bh);
	if (!buffer_uptodate(bh)) {
		unlock_buffer(bh);
		return -EIO;	/* ok: lookup.gives_back */
	}
	sundew_add(chunk, bh);
	return 0;	/* ok: lookup.gives_back */
}

static int sundew_write(struct inode *dir)
{
	struct buffer_head *bh = sb_getblk(dir->i_sb, 1);

	if (!bh)
		return -ENOMEM;
	lock_buffer(bh);
	if (!buffer_uptodate(bh)) {
		brelse(bh);
		return -EIO;	/* violates: lookup.gives_back */
	}
	submit_bh(1, bh);
	wait_on_buffer(bh);
	brelse(bh);
	return 0;	/* ok: lookup.gives_back */
}

static struct dentry *sundew_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	int err = sundew_write(dir);

	return ERR_PTR(err ? err : sundew_later((struct sundew_chunk *)dentry, dir->i_private));
}

const struct inode_operations sundew_iops = { .lookup = sundew_lookup };
