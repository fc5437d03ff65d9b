// SPDX-License-Identifier: GPL-2.0-only
/// A macro of the file takes the semaphore: in rcu-walk nobody may wait for that, behind the bail-out he may.
// Kernel: 6.12
#include <linux/fs.h>

struct juniper { struct rw_semaphore lock; int valid; };

#define JUNIPER_ENTER(own) down_read(&(own)->lock)
#define JUNIPER_LEAVE(own) up_read(&(own)->lock)
#define JUNIPER_VALID(own) ((own)->valid != 0)

static int juniper_d_revalidate(struct dentry *dentry, unsigned int flags)
{
	struct juniper *own = dentry->d_fsdata;
	int valid;

	JUNIPER_ENTER(own);	/* violates: d_revalidate.rcu_walk */
	valid = own->valid;
	JUNIPER_LEAVE(own);
	return valid;
}

static int juniper_later(struct dentry *dentry, unsigned int flags)
{
	struct juniper *own = dentry->d_fsdata;
	int valid = JUNIPER_VALID(own);	/* ok: d_revalidate.rcu_walk */

	if (flags & LOOKUP_RCU)
		return -ECHILD;
	JUNIPER_ENTER(own);	/* ok: d_revalidate.rcu_walk */
	valid = own->valid;
	JUNIPER_LEAVE(own);
	return valid;
}

const struct dentry_operations juniper_dentry_ops = {
	.d_revalidate = juniper_d_revalidate,
};

const struct dentry_operations juniper_later_dentry_ops = {
	.d_revalidate = juniper_later,
};
