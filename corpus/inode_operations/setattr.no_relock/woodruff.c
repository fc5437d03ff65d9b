// SPDX-License-Identifier: GPL-2.0-only
/// The lock is taken by a macro of the file system, through a function of its own.
// Fixable: no
#include <linux/dcache.h>
#include <linux/store.h>

#define WOODRUFF_LOCK(node)			\
	do {					\
		woodruff_enter((node), true);	\
	} while (0)
#define WOODRUFF_UNLOCK(node) inode_unlock((node))

static void woodruff_enter(struct inode *node, bool wait)
{
	if (wait)
		inode_lock(node);
}

static int woodruff_setattr(struct user_namespace *ns, struct dentry *dentry, struct iattr *attr)
{
	struct inode *inode = d_inode(dentry);

	WOODRUFF_LOCK(inode);	/* violates: setattr.no_relock */
	inode->i_size = attr->ia_size;
	WOODRUFF_UNLOCK(inode);
	return 0;
}

const struct inode_operations woodruff_iops = {
	.setattr = woodruff_setattr,
};
