// SPDX-License-Identifier: GPL-2.0-only
/// A failure is handed to a helper that hands it back at once, with the block still in hand; where it may be none, the helper ends it.
// Fixable: no
#include <linux/buffer_head.h>
#include <linux/methods.h>

int dabchick_check(const void *data);
int dabchick_open(struct file *file);
int dabchick_root_statfs(struct dentry *dentry, struct kstatfs *buf);

static int dabchick_done(struct file *file, int err)
{
	if (err)
		return err;
	return dabchick_open(file);
}

static long dabchick_handed(struct file *file, char *buf, size_t len, loff_t *pos)
{
	struct buffer_head *bh = sb_bread(file->f_inode->i_sb, 0);
	int err;

	if (!bh)
		return -EIO;
	err = dabchick_check(bh->b_data);
	if (err < 0)
		return dabchick_done(file, err);	/* violates: read.gives_back */
	if (err)
		goto out;
	brelse(bh);
	return dabchick_done(file, 0);	/* ok: read.gives_back */
out:
	brelse(bh);
	return 0;
}

const struct file_operations dabchick_handed_fops = {
	.read = dabchick_handed,
};

const struct super_operations dabchick_root_sops = {
	.statfs = dabchick_root_statfs,
};
