// SPDX-License-Identifier: GPL-2.0-only
/// What a getter gets when there is nothing, the test right behind says; that it makes an error pointer of it later does not.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

struct rampion_list { struct inode *seen; };

struct inode *ilookup(struct super_block *sb, unsigned long ino);
void iput(struct inode *inode);
int rampion_log(struct inode *dir);
int rampion_torn(struct inode *inode);

static int rampion_remember(struct rampion_list *list, struct inode *inode)
{
	list->seen = inode;
	return rampion_torn(inode);
}

static struct inode *rampion_get(struct inode *dir)
{
	struct inode *inode = ilookup(dir->i_sb, 2);
	int err;

	if (!inode) {
		inode = ERR_PTR(-ENOMEM);
		goto out;
	}
	err = rampion_remember(dir->i_private, inode);
	if (rampion_log(inode)) {
		iput(inode);
		inode = ERR_PTR(err);
	}
out:
	if (IS_ERR(inode))
		rampion_log(dir);
	return inode;
}

static int rampion_mkdir(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode)
{
	struct inode *inode = rampion_get(dir);

	if (IS_ERR(inode))
		return PTR_ERR(inode);	/* ok: mkdir.gives_back */
	if (rampion_log(dir))
		return -EINVAL;	/* violates: mkdir.gives_back moderate */
	iput(inode);
	return 0;	/* ok: mkdir.gives_back */
}

const struct inode_operations rampion_iops = {
	.mkdir = rampion_mkdir,
};
