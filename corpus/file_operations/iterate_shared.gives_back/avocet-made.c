// SPDX-License-Identifier: GPL-2.0-only
/// The method is made by a macro of another function: what that one reads it gives back.
#include <linux/buffer_head.h>
#include <linux/methods.h>

#define WRAP_DIR_ITER(x) static int shared_##x(struct file *file, void *ctx) { return wrap_directory_iterator(file, ctx, x); }

int wrap_directory_iterator(struct file *file, void *ctx, int (*iterate)(struct file *file, void *ctx));
int avocet_emit(void *context, const void *data);
int avocet_statfs(struct dentry *dentry, struct kstatfs *buf);

static int avocet_iterate(struct file *file, void *ctx)
{
	struct buffer_head *bh = sb_bread(file->f_inode->i_sb, 1);
	int err;

	if (!bh)
		return -EIO;	/* ok: iterate_shared.gives_back */
	err = avocet_emit(ctx, bh->b_data);
	if (err)
		return -ENOENT;	/* violates: iterate_shared.gives_back */
	brelse(bh);
	return 0;
}

WRAP_DIR_ITER(avocet_iterate) // made here
const struct file_operations avocet_fops = {
	.iterate_shared = shared_avocet_iterate,
};

const struct super_operations avocet_sops = {
	.statfs = avocet_statfs,
};
