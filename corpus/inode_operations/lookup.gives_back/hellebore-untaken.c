// SPDX-License-Identifier: GPL-2.0-only
/// Nobody releases a lock that he has failed to take: a jump to one label too far unlocks somebody else's.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>
#include <linux/locking.h>

int mutex_trylock(struct mutex *lock);

struct hellebore { struct mutex lock; int full, late; };

int hellebore_count(struct hellebore *own);

static int hellebore_jumps(struct hellebore *own)
{
	int err = -EAGAIN;

	if (!mutex_trylock(&own->lock))
		goto out_unlock;
	err = hellebore_count(own);
out_unlock:
	mutex_unlock(&own->lock);	/* violates: lookup.gives_back moderate */
	return err;
}

static int hellebore_passes(struct hellebore *own)
{
	int err = -EAGAIN, locked = mutex_trylock(&own->lock);

	if (!locked)
		goto out;
	err = hellebore_count(own);
out:
	if (locked)
		mutex_unlock(&own->lock);	/* ok: lookup.gives_back */
	return err;
}

static struct dentry *hellebore_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	int err = hellebore_jumps(dir->i_private);

	return ERR_PTR(err ? err : hellebore_passes(dir->i_private));
}

const struct inode_operations hellebore_iops = { .lookup = hellebore_lookup };
