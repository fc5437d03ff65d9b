// SPDX-License-Identifier: GPL-2.0-only
/// A new inode that cannot be read is put and stays locked; what asks again whether it is new knows what to do.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

#define I_NEW 8

unsigned long inode_state_read_once(struct inode *inode);
struct inode *iget_locked(struct super_block *sb, unsigned long number);
void unlock_new_inode(struct inode *inode);
void iget_failed(struct inode *inode);
void iput(struct inode *inode);
int sandpiper_fill(struct inode *inode);

static int sandpiper_first(struct super_block *sb)
{
	struct inode *inode = iget_locked(sb, 2);

	if (!inode)
		return -ENOMEM;
	if (inode_state_read_once(inode) & I_NEW) {
		if (sandpiper_fill(inode)) {
			iput(inode);
			return -EIO;	/* violates: lookup.gives_back */
		}
		unlock_new_inode(inode);
	}
	iput(inode);
	return 0;
}

static int sandpiper_second(struct super_block *sb)
{
	struct inode *inode = iget_locked(sb, 3);

	if (!inode)
		return -ENOMEM;
	if (sandpiper_fill(inode)) {
		if (inode_state_read_once(inode) & I_NEW)
			iget_failed(inode);
		else
			iput(inode);
		return -EIO;	/* ok: lookup.gives_back */
	}
	if (inode_state_read_once(inode) & I_NEW)
		unlock_new_inode(inode);
	iput(inode);
	return 0;
}

static struct dentry *sandpiper_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	return ERR_PTR(sandpiper_first(dir->i_sb) + sandpiper_second(dir->i_sb));
}

const struct inode_operations sandpiper_iops = { .lookup = sandpiper_lookup };
