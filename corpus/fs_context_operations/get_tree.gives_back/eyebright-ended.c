// SPDX-License-Identifier: GPL-2.0-only
/// What is put into a structure is given back by it, on the way out that does not name it.
// Kernel: 6.8
#include <linux/fs.h>

struct eyebright_sb { struct buffer_head *first; };

struct buffer_head *sb_bread(struct super_block *sb, int block);
void brelse(struct buffer_head *bh);
int sb_set_blocksize(struct super_block *sb, int size);
void *kzalloc(unsigned long size, int flags);
void eyebright_free(struct eyebright_sb *own);
int eyebright_good(struct buffer_head *bh);
int eyebright_for_device(struct fs_context *fc, int (*fill)(struct super_block *sb, struct fs_context *fc));
int eyebright_statfs(struct dentry *dentry, struct kstatfs *buf);

static int eyebright_fill_super(struct super_block *sb, struct fs_context *fc)
{
	struct eyebright_sb *own = kzalloc(sizeof(*own), 0);
	struct buffer_head *bh;
	int err = -EINVAL;

	if (!own)
		return -ENOMEM;
	sb->s_fs_info = own;
	bh = sb_bread(sb, 1);
	if (!bh)
		goto none;
	own->first = bh;
	if (!sb_set_blocksize(sb, 1024))
		goto ended;
	if (eyebright_good(bh) < 0)
		goto drop;
	return 0;	/* ok: get_tree.gives_back */
drop:
	brelse(bh);
none:
	kfree(own);
	return err;	/* ok: get_tree.gives_back */
ended:
	eyebright_free(own);
	return err;	/* ok: get_tree.gives_back */
}

static int eyebright_get_tree(struct fs_context *fc)
{
	return eyebright_for_device(fc, eyebright_fill_super);
}

const struct fs_context_operations eyebright_context_ops = {
	.get_tree = eyebright_get_tree,
};
