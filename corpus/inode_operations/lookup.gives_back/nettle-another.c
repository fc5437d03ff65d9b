// SPDX-License-Identifier: GPL-2.0-only
/// Who has found one inode and hands back another keeps the first; which of them was meant nobody can tell.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

struct inode *ilookup(struct super_block *sb, unsigned long ino);
void iput(struct inode *inode);

static struct inode *nettle_shadow(struct inode *inode, unsigned int flags)
{
	struct inode *shadow = ilookup(inode->i_sb, flags);

	if (!shadow)
		return ERR_PTR(-ENOMEM);	/* ok: lookup.gives_back */
	if (flags & 1)
		return inode;	/* violates: lookup.gives_back */
	return shadow;	/* ok: lookup.gives_back */
}

static struct inode *nettle_other(struct inode *inode, unsigned int flags)
{
	struct inode *shadow = ilookup(inode->i_sb, flags);

	if (!shadow)
		return ERR_PTR(-ENOMEM);	/* ok: lookup.gives_back */
	if (flags & 1) {
		iput(shadow);
		return inode;	/* ok: lookup.gives_back */
	}
	return shadow;	/* ok: lookup.gives_back */
}

static struct dentry *nettle_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct inode *inode = flags ? nettle_other(dir, flags) : nettle_shadow(dir, flags);

	return IS_ERR(inode) ? ERR_PTR(PTR_ERR(inode)) : NULL;
}

const struct inode_operations nettle_iops = { .lookup = nettle_lookup };
