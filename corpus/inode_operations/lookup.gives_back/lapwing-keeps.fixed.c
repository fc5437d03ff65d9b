// SPDX-License-Identifier: GPL-2.0-only
/// A helper that fails with a lock held which it takes for its callers: nobody gives it back behind that, or all who call it do.
// Kernel: 6.8
#include <linux/fs.h>

struct lapwing { spinlock_t lock, wait; int size; };

void spin_lock_bh(spinlock_t *lock);
void spin_unlock_bh(spinlock_t *lock);

static int lapwing_first(struct lapwing *own, int size)
{
	if (size < 0)
		return -EINVAL;
	spin_lock_bh(&own->lock);
	if (own->size < size) {
		spin_unlock_bh(&own->lock);
		return -ENOSPC;
	}
	own->size -= size;
	return 0;
}

static int lapwing_second(struct lapwing *own, int size)
{
	spin_lock_bh(&own->wait);
	if (own->size < size)
		return -ENOSPC;
	return 0;
}

static int lapwing_third(struct lapwing *own)
{
	int err = lapwing_second(own, 3);

	spin_unlock_bh(&own->wait);
	return err;
}

static struct dentry *lapwing_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct lapwing *own = dir->i_private;
	int err = lapwing_first(own, flags);

	if (err < 0)
		return ERR_PTR(err);
	spin_unlock_bh(&own->lock);
	return ERR_PTR(lapwing_third(own));
}

const struct inode_operations lapwing_iops = { .lookup = lapwing_lookup };
