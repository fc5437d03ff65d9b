// SPDX-License-Identifier: GPL-2.0-only
/// Macros in capitals begin and end what a lock guards that stands behind another macro.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

struct dipper { struct rw_semaphore sem; int number; struct inode inode; };

#define DIPPER_I(one) container_of(one, struct dipper, inode)
#define DIPPER_LOCK(one, level) \
	down_write(&DIPPER_I(one)->sem + level)
#define DIPPER_UNLOCK(one) up_write(&DIPPER_I(one)->sem)

static int dipper_first(struct inode *one)
{
	DIPPER_LOCK(one, 1);
	if (one->i_size > 7) {
		DIPPER_UNLOCK(one);
		return -EFBIG;	/* ok: lookup.gives_back */
	}
	one->i_size++;
	DIPPER_UNLOCK(one);
	return 0;
}

static int dipper_second(struct inode *one) { DIPPER_LOCK(one, 1); one->i_size++; DIPPER_UNLOCK(one); return 0; }

static int dipper_third(struct inode *one) { DIPPER_LOCK(one, 1); one->i_size--; DIPPER_UNLOCK(one); return 0; }

static struct dentry *dipper_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	DIPPER_LOCK(dir, 0);
	if (dir->i_size < 5)
		return ERR_PTR(-ENOENT);	/* violates: lookup.gives_back moderate */
	DIPPER_UNLOCK(dir);
	return ERR_PTR(dipper_first(dir) + dipper_second(dir) + dipper_third(dir));	/* ok: lookup.gives_back */
}

const struct inode_operations dipper_iops = { .lookup = dipper_lookup };
