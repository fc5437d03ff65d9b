// SPDX-License-Identifier: GPL-2.0-only
/// A helper that keeps a lock for its caller, where what it hands on may tell of a failure, and where it says that it has none.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

struct knot { struct mutex lock; int full; };

static int knot_fill(struct knot *own, int egg) { own->full += egg; return own->full > 7 ? -ENOSPC : 0; }

static int knot_begin(struct knot *own, int egg)
{
	int err;

	mutex_lock(&own->lock);
	err = knot_fill(own, egg);
	return err;	/* violates: lookup.gives_back moderate */
}

static int knot_started(struct knot *own, int egg)
{
	mutex_lock(&own->lock);
	return knot_fill(own, egg);	/* ok: lookup.gives_back */
}

static bool knot_any(struct knot *own)
{
	mutex_lock(&own->lock);
	if (!own->full)
		return false;	/* violates: lookup.gives_back moderate */
	return true;	/* ok: lookup.gives_back */
}

static struct dentry *knot_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct knot *own = dir->i_private;
	int err = knot_started(own, 1);

	mutex_unlock(&own->lock);
	if (err)
		return ERR_PTR(err);	/* ok: lookup.gives_back */
	if (!knot_any(own))
		return NULL;	/* violates: lookup.gives_back moderate */
	own->full--;
	mutex_unlock(&own->lock);
	err = knot_begin(own, 2);
	if (err)
		return ERR_PTR(err);	/* violates: lookup.gives_back high */
	own->full++;
	mutex_unlock(&own->lock);
	return NULL;	/* ok: lookup.gives_back */
}

const struct inode_operations knot_iops = { .lookup = knot_lookup };
