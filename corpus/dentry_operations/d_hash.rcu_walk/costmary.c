// SPDX-License-Identifier: GPL-2.0-only
/// The structure behind the super block goes with it, while a walk may still hash a name by it.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

struct costmary_info {
	unsigned int longest;
};

void kill_block_super(struct super_block *sb);

static struct costmary_info *costmary_of(const struct super_block *sb)
{
	return sb->s_fs_info;
}

static int costmary_d_hash(const struct dentry *dentry, struct qstr *name)
{
	if (name->len > costmary_of(dentry->d_sb)->longest)
		name->len = 0;
	return 0;
}

static void costmary_kill_sb(struct super_block *sb)
{
	struct costmary_info *info = sb->s_fs_info;

	kill_block_super(sb);
	kfree(info);	/* violates: d_hash.rcu_walk */
}

const struct dentry_operations costmary_dentry_ops = {
	.d_hash = costmary_d_hash,
};
const struct file_system_type costmary_fs_type = {
	.kill_sb = costmary_kill_sb,
};
