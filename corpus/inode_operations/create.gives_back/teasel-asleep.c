// SPDX-License-Identifier: GPL-2.0-only
/// Who holds a lock that others spin for does not wait for memory.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>
#include <linux/locking.h>

struct teasel { spinlock_t lock; void *spare; int full; };

static int teasel_create(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode, bool excl)
{
	struct teasel *own = dir->i_private;

	spin_lock(&own->lock);
	if (!own->spare)
		own->spare = kmalloc(64, GFP_KERNEL);	/* violates: create.gives_back moderate */
	spin_unlock(&own->lock);
	return 0;	/* ok: create.gives_back */
}

static int burnet_create(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode, bool excl)
{
	struct teasel *own = dir->i_private;
	void *more = NULL;

	spin_lock(&own->lock);
	if (!own->spare) {
		spin_unlock(&own->lock);
		more = kmalloc(64, GFP_KERNEL);	/* ok: create.gives_back */
		if (!more)
			return -ENOMEM;	/* ok: create.gives_back */
		spin_lock(&own->lock);
	}
	if (own->full)
		own->spare = kmalloc(64, GFP_ATOMIC);	/* ok: create.gives_back */
	else
		own->spare = more;
	spin_unlock(&own->lock);
	return 0;	/* ok: create.gives_back */
}

const struct inode_operations teasel_iops = {
	.create = teasel_create,
};

const struct inode_operations burnet_iops = {
	.create = burnet_create,
};
