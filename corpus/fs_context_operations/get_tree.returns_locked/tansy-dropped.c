// SPDX-License-Identifier: GPL-2.0-only
/// A superblock is given up by the call for one that nobody has locked: its lock is kept, and no second giving up mends that.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

struct super_block *sget_fc(struct fs_context *fc, void *test, void *set);
void deactivate_locked_super(struct super_block *sb);
void deactivate_super(struct super_block *sb);
int tansy_fill(struct super_block *sb);

static int tansy_get_tree(struct fs_context *fc)
{
	struct super_block *sb = sget_fc(fc, NULL, NULL);
	int err;

	if (IS_ERR(sb))
		return PTR_ERR(sb);	/* ok: get_tree.returns_locked */
	err = tansy_fill(sb);
	if (err)
		goto out;
	fc->root = dget(sb->s_root);
	return 0;	/* ok: get_tree.returns_locked */
out:
	deactivate_super(sb);
	return err;	/* violates: get_tree.returns_locked */
}

static int teasel_get_tree(struct fs_context *fc)
{
	struct super_block *sb = sget_fc(fc, NULL, NULL);
	int err;

	if (IS_ERR(sb))
		return PTR_ERR(sb);	/* ok: get_tree.returns_locked */
	err = tansy_fill(sb);
	if (err) {
		deactivate_locked_super(sb);
		return err;	/* ok: get_tree.returns_locked */
	}
	fc->root = dget(sb->s_root);
	return 0;	/* ok: get_tree.returns_locked */
}

const struct fs_context_operations tansy_context_ops = {
	.get_tree = tansy_get_tree,
};

const struct fs_context_operations teasel_context_ops = {
	.get_tree = teasel_get_tree,
};
