// SPDX-License-Identifier: GPL-2.0-only
/// What a scope has taken is taken until its block ends: it is not taken again in it, itself or by a helper, nor slept with.
// Kernel: 6.12
// Fixable: no
#include <linux/guards.h>

struct plover_nest { struct mutex lock; spinlock_t spin; int eggs; };

static void plover_count(struct plover_nest *nest)
{
	mutex_lock(&nest->lock);
	nest->eggs++;
	mutex_unlock(&nest->lock);
}

static int plover_permission(struct mnt_idmap *idmap, struct inode *dir, int mask)
{
	struct plover_nest *nest = dir->i_private;

	if (mask & MAY_NOT_BLOCK)
		return -ECHILD;	/* ok: permission.gives_back */
	guard(mutex)(&nest->lock);
	mutex_lock(&nest->lock);	/* violates: permission.gives_back moderate */
	mutex_unlock(&nest->lock);
	return 0;	/* ok: permission.gives_back */
}

static int sandpiper_permission(struct mnt_idmap *idmap, struct inode *dir, int mask)
{
	struct plover_nest *nest = dir->i_private;

	if (mask & MAY_NOT_BLOCK)
		return -ECHILD;	/* ok: permission.gives_back */
	if (mask & MAY_EXEC) {
		guard(mutex)(&nest->lock);
		plover_count(nest);	/* violates: permission.gives_back moderate */
	}
	plover_count(nest);	/* ok: permission.gives_back */
	guard(spinlock)(&nest->spin);
	cond_resched();	/* violates: permission.gives_back moderate */
	return 0;
}

const struct inode_operations plover_iops = {
	.permission = plover_permission,
};

const struct inode_operations sandpiper_iops = {
	.permission = sandpiper_permission,
};
