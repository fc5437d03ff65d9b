// SPDX-License-Identifier: GPL-2.0-only
/// An inode is dropped inside of RCU, and after it.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static unsigned long parsley_seen;

void parsley_detach(struct dentry *dentry)
{
	rcu_read_lock();
	dentry->d_op->d_iput(dentry, d_inode(dentry));	/* violates: d_iput.callers low */
	rcu_read_unlock();
}

void parsley_detach_later(struct dentry *dentry)
{
	rcu_read_lock();
	parsley_seen++;
	rcu_read_unlock();
	dentry->d_op->d_iput(dentry, d_inode(dentry));	/* ok: d_iput.callers */
}
