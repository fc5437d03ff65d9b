// SPDX-License-Identifier: GPL-2.0-only
/// The superblock that was found or made is given up where the tree cannot be had, but for one early return.
// Kernel: 6.8
// Source: the shape of orangefs_mount() of 6.1, put into ->get_tree
#include <linux/fs.h>

struct super_block *sget_fc(struct fs_context *fc, void *test, void *set);
void deactivate_locked_super(struct super_block *sb);
int sanicle_fill(struct super_block *sb);
int sanicle_tell(struct super_block *sb);

static int sanicle_get_tree(struct fs_context *fc)
{
	struct super_block *sb = sget_fc(fc, NULL, NULL);
	int err;

	if (IS_ERR(sb))
		return PTR_ERR(sb);	/* ok: get_tree.returns_locked */
	err = sanicle_tell(sb);
	if (err)
		return err;	/* violates: get_tree.returns_locked */
	if (!sb->s_root) {
		err = sanicle_fill(sb);
		if (err) {
			deactivate_locked_super(sb);
			return err;	/* ok: get_tree.returns_locked */
		}
	}
	fc->root = dget(sb->s_root);
	return 0;	/* ok: get_tree.returns_locked */
}

const struct fs_context_operations sanicle_context_ops = {
	.get_tree = sanicle_get_tree,
};
