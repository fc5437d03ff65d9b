// SPDX-License-Identifier: GPL-2.0-only
/// A callee is told of the inode before the reference is taken that it lives on; where it is told behind, a failure in between keeps it.
// Kernel: 6.8
// Source: the shape of hfsplus_link() of 7.2
#include <linux/fs.h>

struct comfrey_list { struct inode *first; };

struct inode *igrab(struct inode *inode);
void ihold(struct inode *inode);
void iput(struct inode *inode);
int comfrey_write(struct inode *dir);

static void comfrey_enlist(struct comfrey_list *list, struct inode *inode)
{
	list->first = inode;
}

static int comfrey_twin(struct comfrey_list *list, struct inode *dir)
{
	struct inode *inode = dir->i_private;

	ihold(inode);
	if (comfrey_write(dir))
		return -EIO;	/* violates: mkdir.gives_back */
	comfrey_enlist(list, inode);
	return 0;	/* ok: mkdir.gives_back */
}

static int comfrey_mkdir(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode)
{
	struct comfrey_list *list = dir->i_private;
	struct inode *inode = dir->i_private;

	if (comfrey_twin(list, dir))
		return -EIO;	/* ok: mkdir.gives_back */
	comfrey_enlist(list, inode);
	ihold(inode);
	if (comfrey_write(dir))
		return -EIO;	/* ok: mkdir.gives_back */
	return 0;	/* ok: mkdir.gives_back */
}

const struct inode_operations comfrey_iops = {
	.mkdir = comfrey_mkdir,
};
