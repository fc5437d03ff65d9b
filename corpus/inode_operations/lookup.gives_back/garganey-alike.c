// SPDX-License-Identifier: GPL-2.0-only
/// What ends a new inode takes the lock of it itself for that long, and what unlocks an inode does not: by that a helper may leave one.
// Kernel: 6.8
#include <linux/fs.h>

void d_add(struct dentry *dentry, struct inode *inode);

void unlock_new_inode(struct inode *inode)
{
	spin_lock(&inode->i_lock);
	inode->i_nlink++;
	spin_unlock(&inode->i_lock);
}

static long garganey_size(struct inode *dir)
{
	long size;

	spin_lock(&dir->i_lock);
	size = dir->i_size;
	return size;	/* violates: lookup.gives_back moderate */
}

static long garganey_links(struct inode *dir)
{
	long links;

	down_write(&dir->i_rwsem);
	links = dir->i_nlink;
	return links;	/* ok: lookup.gives_back */
}

static struct dentry *garganey_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct inode *inode = dir->i_private;

	if (garganey_links(inode) > 2)
		inode_unlock(inode);
	if (garganey_size(dir) > 2)
		unlock_new_inode(inode);
	d_add(dentry, inode);
	return NULL;
}

const struct inode_operations garganey_iops = { .lookup = garganey_lookup };
