// SPDX-License-Identifier: GPL-2.0-only
/// What callers hold and a helper gives back: where it fails, either it has done so, or they do.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

struct linnet { spinlock_t lock; int full; };

static int linnet_keeps(struct linnet *own, int egg)
{
	if (own->full)
		return -ENOSPC;	/* violates: lookup.gives_back moderate */
	own->full = egg;
	spin_unlock(&own->lock);
	return 0;
}

static int linnet_drops(struct linnet *own, int egg)
{
	if (own->full > egg) {
		spin_unlock(&own->lock);
		return -ENOSPC;	/* violates: lookup.gives_back moderate */
	}
	own->full = egg;
	return 0;
}

static int linnet_leaves(struct linnet *own, int egg)
{
	if (own->full < egg)
		return -ENOENT;	/* ok: lookup.gives_back */
	spin_unlock(&own->lock);
	return 0;
}

static struct dentry *linnet_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct linnet *own = dir->i_private;
	int err;

	spin_lock(&own->lock);
	err = linnet_leaves(own, 1);
	if (err) {
		spin_unlock(&own->lock);
		return ERR_PTR(err);	/* ok: lookup.gives_back */
	}
	spin_lock(&own->lock);
	err = linnet_drops(own, 2);
	spin_unlock(&own->lock);
	if (err)
		return ERR_PTR(err);	/* ok: lookup.gives_back */
	spin_lock(&own->lock);
	err = linnet_keeps(own, 3);
	return ERR_PTR(err);	/* violates: lookup.gives_back high */
}

const struct inode_operations linnet_iops = { .lookup = linnet_lookup };
