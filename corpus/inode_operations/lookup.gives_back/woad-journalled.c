// SPDX-License-Identifier: GPL-2.0-only
/// A buffer head that was locked is unlocked where its entry in the journal fails: that neither writes the buffer nor ends its lock.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

struct buffer_head { int b_count; void *b_private; };
struct woad_head { struct buffer_head *b_bh; int b_list; };

struct buffer_head *sb_getblk(struct super_block *sb, unsigned long block);
void brelse(struct buffer_head *bh);
void lock_buffer(struct buffer_head *bh);
void unlock_buffer(struct buffer_head *bh);
void submit_bh(unsigned int opf, struct buffer_head *bh);
struct woad_head *woad_alloc(void);

static int woad_journal_it(struct buffer_head *bh)
{
	struct woad_head *head = woad_alloc();

	if (!head)
		return -ENOMEM;
	head->b_bh = bh;
	bh->b_private = head;
	return 0;
}

static void woad_write(struct buffer_head *bh)
{
	bh->b_count++;
	submit_bh(1, bh);
}

static struct dentry *woad_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct buffer_head *bh = sb_getblk(dir->i_sb, 1);
	int err;

	if (!bh)
		return ERR_PTR(-ENOMEM);
	lock_buffer(bh);
	err = woad_journal_it(bh);
	if (err) {
		brelse(bh);
		return ERR_PTR(err);	/* violates: lookup.gives_back */
	}
	if (bh->b_count > 1) {
		woad_write(bh);
		brelse(bh);
		return ERR_PTR(-EAGAIN);	/* ok: lookup.gives_back */
	}
	unlock_buffer(bh);
	brelse(bh);
	return NULL;	/* ok: lookup.gives_back */
}

const struct inode_operations woad_iops = { .lookup = woad_lookup };
