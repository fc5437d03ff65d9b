// SPDX-License-Identifier: GPL-2.0-only
/// Who holds a lock that others spin for does not call a helper which waits; one that gives the lock up first may.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>
#include <linux/locking.h>

struct sanderling { spinlock_t lock; void *spare; int full; };

static void sanderling_fill(struct sanderling *own)
{
	own->spare = kmalloc(64, GFP_KERNEL);
}

static void sanderling_settle(struct sanderling *own)
{
	sanderling_fill(own);
}

static void sanderling_open(struct sanderling *own)
{
	spin_unlock(&own->lock);
	own->spare = kmalloc(64, GFP_KERNEL);
	spin_lock(&own->lock);
}

static void sanderling_perhaps(struct sanderling *own)
{
	if (own->full)
		own->spare = kmalloc(64, GFP_KERNEL);
}

static int sanderling_create(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode, bool excl)
{
	struct sanderling *own = dir->i_private;

	spin_lock(&own->lock);
	sanderling_open(own);
	sanderling_perhaps(own);
	sanderling_settle(own);	/* violates: create.gives_back moderate */
	spin_unlock(&own->lock);
	sanderling_settle(own);
	return 0;	/* ok: create.gives_back */
}

const struct inode_operations sanderling_iops = {
	.create = sanderling_create,
};
