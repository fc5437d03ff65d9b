// SPDX-License-Identifier: GPL-2.0-only
/// What a comment says of a release is none, and a helper that unlocks what it is given unlocks no other lock.
// Kernel: 6.8
#include <linux/fs.h>

struct goosander { spinlock_t lock, wait; int size; };

void spin_lock_bh(spinlock_t *lock);
void spin_unlock_bh(spinlock_t *lock);
void goosander_sleep(struct goosander *own);

static void goosander_wait(struct goosander *own, spinlock_t *held)
{
	spin_unlock_bh(held);
	goosander_sleep(own);
}

static void goosander_wake(struct goosander *own)
{
	own->size++; /* here others are let in, who have done spin_unlock_bh(&own->lock) before */
}

static int goosander_size(struct goosander *own)
{
	int size;

	spin_lock_bh(&own->lock);
	size = own->size;
	return size;	/* violates: lookup.gives_back moderate */
}

static int goosander_asleep(struct goosander *own)
{
	int size;

	spin_lock_bh(&own->wait);
	size = own->size;
	return size;	/* ok: lookup.gives_back */
}

static int goosander_small(struct goosander *own)
{
	if (goosander_size(own) > 2)
		goosander_wake(own);
	return own->size;
}

static struct dentry *goosander_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct goosander *own = dir->i_private;

	if (goosander_asleep(own) > 2)
		goosander_wait(own, &own->wait);
	return ERR_PTR(goosander_small(own));
}

const struct inode_operations goosander_iops = { .lookup = goosander_lookup };
