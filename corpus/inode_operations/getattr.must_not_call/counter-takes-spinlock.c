// SPDX-License-Identifier: GPL-2.0-only
/// What counts in front of the helper takes some spinlock, and not the mutex that the helper demands.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

#define lockdep_assert_held(lock) ((void)(lock))
#define bryony_count(node) bryony_add(&(node)->guard, node)

struct bryony_node {
	struct mutex table_lock;
	spinlock_t guard;
	unsigned long blocks;
};

static void bryony_add(spinlock_t *lock, struct bryony_node *node)
{
	spin_lock(lock);
	node->blocks++;
	spin_unlock(lock);
}

static void bryony_note(struct bryony_node *node)
{
	lockdep_assert_held(&node->table_lock);
	node->blocks++;
}

static int bryony_getattr(const struct path *path, struct kstat *stat)
{
	struct bryony_node *node = path->dentry->d_inode->i_private;

	bryony_add(&node->guard, node);
	bryony_note(node);	/* violates: getattr.must_not_call moderate */
	mutex_unlock(&node->table_lock);
	return 0;
}

static int bryony_fiemap(struct inode *inode, struct fiemap_extent_info *info, u64 start, u64 len)
{
	struct bryony_node *node = inode->i_private;

	bryony_count(node);
	mutex_lock(&node->table_lock);
	bryony_note(node);
	mutex_unlock(&node->table_lock);
	return 0;
}

const struct inode_operations bryony_iops = {
	.getattr = bryony_getattr,
	.fiemap = bryony_fiemap,
};
