// SPDX-License-Identifier: GPL-2.0-only
/// A new inode comes locked from the helper that makes it: who fails behind that unlocks it ahead of its last put.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

int insert_inode_locked(struct inode *inode);
void discard_new_inode(struct inode *inode);
void d_instantiate_new(struct dentry *dentry, struct inode *inode);
int gadwall_write(struct super_block *sb);

static struct inode *gadwall_make(struct super_block *sb)
{
	struct inode *inode = new_inode(sb);

	if (!inode)
		return ERR_PTR(-ENOMEM);
	if (insert_inode_locked(inode) < 0) {
		iput(inode);
		return ERR_PTR(-EIO);
	}
	return inode;
}

static int gadwall_create(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode, bool excl)
{
	struct inode *inode = gadwall_make(dir->i_sb);

	if (IS_ERR(inode))
		return PTR_ERR(inode);	/* ok: create.gives_back */
	if (gadwall_write(dir->i_sb) < 0) {
		iput(inode);
		return -EIO;	/* violates: create.gives_back */
	}
	if (gadwall_write(dir->i_sb) < 0) {
		discard_new_inode(inode);
		return -EIO;	/* ok: create.gives_back */
	}
	d_instantiate_new(dentry, inode);
	return 0;	/* ok: create.gives_back */
}

const struct inode_operations gadwall_dir_operations = {
	.create = gadwall_create,
};
