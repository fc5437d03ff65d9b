// SPDX-License-Identifier: GPL-2.0-only
/// A return chooses between an error and zero by more than one test; a reference is dropped twice by its own name.
// Kernel: 6.8
// Fixable: no
// Source: the shape of gfs2_atomic_open() of 6.12
#include <linux/fs.h>

struct dentry *dget_parent(struct dentry *dentry);
void dput(struct dentry *dentry);
int arnica_full(struct inode *dir);
int arnica_enter(struct inode *dir, struct dentry *dentry);

static int arnica_mkdir(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode)
{
	struct dentry *above = dget_parent(dentry);

	if (mode & 1)
		dentry = above;
	if (arnica_full(dir))
		return mode && arnica_full(dir) ? -EIO : 0;	/* violates: mkdir.gives_back */
	dput(above);
	return 0;	/* ok: mkdir.gives_back */
}

static int arnica_again(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode)
{
	struct dentry *above = dget_parent(dentry);

	if (mode & 1)
		dentry = above;
	if (arnica_full(dir)) {
		dput(above);
		dput(dentry);	/* ok: mkdir.gives_back */
		return 0;
	}
	if (arnica_enter(dir, NULL)) {
		dput(above);
		mode = 0;
	}
	dput(above);	/* violates: mkdir.gives_back moderate */
	return 0;
}

const struct inode_operations arnica_iops = {
	.mkdir = arnica_mkdir,
};

const struct inode_operations arnica_more_iops = {
	.mkdir = arnica_again,
};
