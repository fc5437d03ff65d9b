// SPDX-License-Identifier: GPL-2.0-only
/// A jump past both labels: what a helper has filled in is given back as well, so the upper label is meant, not the lower one.
// Kernel: 6.8
// Source: the shape of ecryptfs_get_tree() of 7.2, with a slip of its own
#include <linux/fs.h>

struct melilot { void *dentry; };
struct super_block *sget_fc(struct fs_context *fc, void *test, void *set);
void deactivate_locked_super(struct super_block *sb);
int melilot_find(struct fs_context *fc, struct melilot *place);
void melilot_put(struct melilot *place);
int melilot_fill(struct super_block *sb, void *dentry);
int melilot_deep(struct super_block *sb);

static int melilot_get_tree(struct fs_context *fc)
{
	struct super_block *sb;
	struct melilot place;
	int err = -EINVAL;

	if (!fc->root)
		goto out;
	sb = sget_fc(fc, NULL, NULL);
	if (IS_ERR(sb))
		return PTR_ERR(sb);	/* ok: get_tree.returns_locked */
	err = melilot_find(fc, &place);
	if (err)
		goto out_super;
	err = melilot_deep(sb);
	if (err)
		goto out;
	err = melilot_fill(sb, place.dentry);
	if (err)
		goto out_put;
	fc->root = dget(sb->s_root);
	return 0;	/* ok: get_tree.returns_locked */
out_put:
	melilot_put(&place);
out_super:
	deactivate_locked_super(sb);
out:
	return err;	/* violates: get_tree.returns_locked */
}

const struct fs_context_operations melilot_context_ops = {
	.get_tree = melilot_get_tree,
};
