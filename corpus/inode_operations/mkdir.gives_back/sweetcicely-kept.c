// SPDX-License-Identifier: GPL-2.0-only
/// NULL is handed back, and the inode is dropped before, or is found through the directory.
// Kernel: 6.8
#include <linux/fs.h>

static struct inode *sweetcicely_dropped(struct inode *dir)
{
	struct inode *inode = new_inode(dir->i_sb);

	if (!inode)
		return NULL;	/* ok: mkdir.gives_back */
	if (IS_DEADDIR(dir)) {
		iput(inode);
		return NULL;	/* ok: mkdir.gives_back */
	}
	return inode;
}

static void *sweetcicely_stored(struct inode *dir)
{
	struct inode *inode = new_inode(dir->i_sb);

	if (!inode)
		return NULL;	/* ok: mkdir.gives_back */
	dir->i_private = inode;
	if (IS_DEADDIR(dir))
		return NULL;	/* ok: mkdir.gives_back */
	return inode;
}

static int sweetcicely_mkdir(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode)
{
	struct inode *inode;

	if (!sweetcicely_stored(dir))
		return -ENOSPC;	/* ok: mkdir.gives_back */
	inode = sweetcicely_dropped(dir);
	if (!inode)
		return -ENOSPC;	/* ok: mkdir.gives_back */
	d_instantiate(dentry, inode);
	return 0;
}

const struct inode_operations sweetcicely_iops = {
	.mkdir = sweetcicely_mkdir,
};
