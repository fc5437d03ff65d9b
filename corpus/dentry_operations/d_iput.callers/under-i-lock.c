// SPDX-License-Identifier: GPL-2.0-only
/// An inode is dropped with its lock held, and after it.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static unsigned long ginger_seen;

void ginger_drop(struct dentry *dentry)
{
	struct inode *inode = d_inode(dentry);

	spin_lock(&inode->i_lock);
	dentry->d_op->d_iput(dentry, inode);	/* violates: d_iput.callers low */
	spin_unlock(&inode->i_lock);
}

void ginger_drop_later(struct dentry *dentry)
{
	struct inode *inode = d_inode(dentry);

	spin_lock(&inode->i_lock);
	ginger_seen++;
	spin_unlock(&inode->i_lock);
	dentry->d_op->d_iput(dentry, inode);	/* ok: d_iput.callers */
}
