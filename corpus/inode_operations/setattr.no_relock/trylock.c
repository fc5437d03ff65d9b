// SPDX-License-Identifier: GPL-2.0-only
/// A trylock of a held lock fails and does no harm.
#include <linux/dcache.h>
#include <linux/store.h>

static int umbel_setattr(struct user_namespace *ns, struct dentry *dentry, struct iattr *attr)
{
	struct inode *inode = d_inode(dentry);

	if (inode_trylock(inode)) {	/* ok: setattr.no_relock */
		inode->i_size = attr->ia_size;
		inode_unlock(inode);
	}
	return 0;
}

const struct inode_operations umbel_iops = {
	.setattr = umbel_setattr,
};
