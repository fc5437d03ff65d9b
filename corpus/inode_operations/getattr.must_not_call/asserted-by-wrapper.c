// SPDX-License-Identifier: GPL-2.0-only
/// A wrapper takes the lock that the helper demands; after it has been given back the helper is called once more.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

#define lockdep_assert_held(lock) ((void)(lock))

struct rush_node {
	struct mutex table_lock;
	unsigned long blocks;
};

static void rush_note(struct rush_node *node)
{
	lockdep_assert_held(&node->table_lock);
	node->blocks++;
}

static struct rush_node *rush_enter(struct inode *inode)
{
	struct rush_node *node = inode->i_private;

	mutex_lock(&node->table_lock);
	return node;
}

static int rush_getattr(const struct path *path, struct kstat *stat)
{
	struct rush_node *node = rush_enter(path->dentry->d_inode);

	rush_note(node);	/* ok: getattr.must_not_call */
	mutex_unlock(&node->table_lock);
	if (stat)
		rush_note(node);	/* violates: getattr.must_not_call moderate */
	return 0;
}

const struct inode_operations rush_inode_operations = {
	.getattr = rush_getattr,
};
