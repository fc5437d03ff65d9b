// SPDX-License-Identifier: GPL-2.0-only
/// An inode that is found to be new is handed out as it is, and nobody unlocks it; one that is known already needs no unlock.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

#define I_NEW 8

struct turnstone_inode { struct inode inode; unsigned long i_state; };

struct turnstone_inode *iget_locked(struct super_block *sb, unsigned long number);
void unlock_new_inode(struct turnstone_inode *inode);
void iget_failed(struct turnstone_inode *inode);
void turnstone_fill(struct turnstone_inode *inode, const void *raw);

static struct turnstone_inode *turnstone_iget(struct super_block *sb, const void *raw)
{
	struct turnstone_inode *inode = iget_locked(sb, 2);

	if (!inode)
		return ERR_PTR(-ENOMEM);
	if (!(inode->i_state & I_NEW))
		return inode;	/* ok: lookup.gives_back */
	turnstone_fill(inode, raw);
	return inode;	/* violates: lookup.gives_back moderate */
}

static struct dentry *turnstone_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	dentry->d_fsdata = turnstone_iget(dir->i_sb, dir->i_private);
	return NULL;
}

const struct inode_operations turnstone_iops = { .lookup = turnstone_lookup };
