// SPDX-License-Identifier: GPL-2.0-only
/// A new inode comes locked from a macro over two lines, whose function returns it by another name.
// Kernel: 6.8
#include <linux/fs.h>

#define gadwall_alloc(dir, \
		      mode) \
	gadwall_make((dir), (mode), 0)

struct inode *new_inode(struct super_block *sb);
int insert_inode_locked(struct inode *inode);
void unlock_new_inode(struct inode *inode);
void d_instantiate_new(struct dentry *dentry, struct inode *inode);
void iput(struct inode *inode);
int gadwall_add(struct inode *dir, struct dentry *dentry);

static struct inode *gadwall_make(struct inode *dir, umode_t mode, int goal)
{
	struct inode *inode = new_inode(dir->i_sb), *found;

	if (!inode)
		return ERR_PTR(-ENOMEM);
	if (insert_inode_locked(inode) < 0) {
		iput(inode);
		return ERR_PTR(-EIO);
	}
	inode->i_nlink = goal ? mode : 1;
	found = inode;
	return found;
}

static int gadwall_create(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode, bool excl)
{
	struct inode *inode = gadwall_alloc(dir, mode);
	int err;

	if (IS_ERR(inode))
		return PTR_ERR(inode);
	err = gadwall_add(dir, dentry);
	if (err) {
		iput(inode);
		return err;	/* violates: create.gives_back */
	}
	if (excl) {
		unlock_new_inode(inode);
		iput(inode);
		return -EINVAL;	/* ok: create.gives_back */
	}
	d_instantiate_new(dentry, inode);
	return 0;
}

const struct inode_operations gadwall_macro_iops = { .create = gadwall_create };
