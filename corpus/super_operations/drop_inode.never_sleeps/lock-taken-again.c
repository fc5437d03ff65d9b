// SPDX-License-Identifier: GPL-2.0-only
/// The sleep comes after i_lock was taken again.
// Kernel: 6.12
// Fixable: no
#include <linux/fs.h>

static int larch_drop_inode(struct inode *inode)
{
	if (!inode->i_nlink) {
		spin_unlock(&inode->i_lock);
		msleep(1);	/* ok: drop_inode.never_sleeps */
		spin_lock(&inode->i_lock);
		msleep(2);	/* violates: drop_inode.never_sleeps */
	}
	return generic_drop_inode(inode);
}

const struct super_operations larch_super_ops = {
	.drop_inode = larch_drop_inode,
};
