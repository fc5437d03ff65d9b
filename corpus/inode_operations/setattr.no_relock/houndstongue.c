// SPDX-License-Identifier: GPL-2.0-only
/// The lock that the caller holds is taken three calls down, behind a switch.
// Fixable: no
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/dcache.h>

enum houndstongue_how {
	HOUNDSTONGUE_SHRINK,
	HOUNDSTONGUE_GROW,
};

static void houndstongue_cut(struct inode *inode, loff_t size)
{
	inode_lock(inode);
	inode->i_size = size;
	inode_unlock(inode);
}

static int houndstongue_resize(struct inode *inode, loff_t size)
{
	switch (size < inode->i_size ? HOUNDSTONGUE_SHRINK : HOUNDSTONGUE_GROW) {
	case HOUNDSTONGUE_SHRINK:
		houndstongue_cut(inode, size);
		break;
	default:
		inode->i_size = size;
	}
	return 0;
}

static int houndstongue_setattr(struct user_namespace *ns, struct dentry *dentry, struct iattr *attr)
{
	return houndstongue_resize(d_inode(dentry), attr->ia_size);	/* violates: setattr.no_relock */
}

const struct inode_operations houndstongue_iops = {
	.setattr = houndstongue_setattr,
};
