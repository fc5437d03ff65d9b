// SPDX-License-Identifier: GPL-2.0-only
/// A new inode that others find in the hash is still its maker's, and so is what a file is made of where none is made.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

struct vfsmount;

struct inode *new_inode(struct super_block *sb);
void insert_inode_hash(struct inode *inode);
void iput(struct inode *inode);
void d_instantiate(struct dentry *dentry, struct inode *inode);
struct file *alloc_file_pseudo(struct inode *inode, struct vfsmount *mnt, const char *name, int flags, void *fops);
int lupin_write(struct inode *dir, struct dentry *dentry);

static struct inode *lupin_new(struct inode *dir)
{
	struct inode *inode = new_inode(dir->i_sb);

	if (inode)
		insert_inode_hash(inode);
	return inode;
}

struct file *lupin_file(struct inode *dir, struct vfsmount *mnt)
{
	struct inode *inode = lupin_new(dir);
	struct file *file;

	if (!inode)
		return ERR_PTR(-ENOMEM);	/* ok: create.gives_back */
	file = alloc_file_pseudo(inode, mnt, "lupin", 0, NULL);
	if (IS_ERR(file))
		iput(inode);
	return file;	/* ok: create.gives_back */
}

static int lupin_create(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode, bool excl)
{
	struct inode *inode = lupin_new(dir);
	int err;

	if (!inode)
		return -ENOMEM;	/* ok: create.gives_back */
	err = lupin_write(dir, dentry);
	if (err)
		return err;	/* violates: create.gives_back */
	d_instantiate(dentry, inode);
	return IS_ERR(lupin_file(dir, NULL)) ? -EIO : 0;	/* ok: create.gives_back */
}

const struct inode_operations lupin_iops = { .create = lupin_create };
