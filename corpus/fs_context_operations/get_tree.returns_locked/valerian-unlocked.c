// SPDX-License-Identifier: GPL-2.0-only
/// A superblock that is unlocked already is given up by the call that does not unlock it once more.
// Kernel: 6.8
#include <linux/fs.h>
#include <linux/rwsem.h>

struct super_block *sget_fc(struct fs_context *fc, void *test, void *set);
void deactivate_super(struct super_block *sb);
int valerian_fill(struct super_block *sb);

static int valerian_get_tree(struct fs_context *fc)
{
	struct super_block *sb = sget_fc(fc, NULL, NULL);
	int err;

	if (IS_ERR(sb))
		return PTR_ERR(sb);	/* ok: get_tree.returns_locked */
	err = valerian_fill(sb);
	if (err) {
		up_write(&sb->s_umount);
		return err;	/* violates: get_tree.returns_locked */
	}
	fc->root = dget(sb->s_root);
	return 0;	/* ok: get_tree.returns_locked */
}

const struct fs_context_operations valerian_context_ops = {
	.get_tree = valerian_get_tree,
};
