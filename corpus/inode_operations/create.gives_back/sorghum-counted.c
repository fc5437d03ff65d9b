// SPDX-License-Identifier: GPL-2.0-only
/// Who drops the last count gets a lock with it: it is the second argument, and taken where the value is not zero.
// Kernel: 6.8
#include <linux/fs.h>
#include <linux/locking.h>

typedef struct { int value; } atomic_t;

struct sorghum { atomic_t users; struct mutex lock; int kept; };
int atomic_dec_and_mutex_lock(atomic_t *cnt, struct mutex *lock);
int sorghum_open(struct sorghum *own, umode_t mode);
int sorghum_flush(struct sorghum *own);

static int sorghum_get(struct sorghum *own, umode_t mode)
{
	int err;

	mutex_lock(&own->lock);
	err = sorghum_open(own, mode);
	return err;	/* violates: create.gives_back moderate */
}

static int sorghum_put(struct sorghum *own)
{
	if (!atomic_dec_and_mutex_lock(&own->users, &own->lock))
		return 0;	/* ok: create.gives_back */
	own->kept = 0;
	mutex_unlock(&own->lock);
	return 0;	/* ok: create.gives_back */
}

static int sorghum_last(struct sorghum *own)
{
	int err;

	if (!atomic_dec_and_mutex_lock(&own->users, &own->lock))
		return 0;	/* ok: create.gives_back */
	err = sorghum_flush(own);
	if (err)
		return err;	/* violates: create.gives_back */
	mutex_unlock(&own->lock);
	return 0;	/* ok: create.gives_back */
}

static int sorghum_create(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode, bool excl)
{
	int err = sorghum_get(dir->i_private, mode);

	if (err)
		return sorghum_put(dir->i_private);
	return sorghum_last(dir->i_private);
}

const struct inode_operations sorghum_iops = { .create = sorghum_create };
