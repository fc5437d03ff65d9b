// SPDX-License-Identifier: GPL-2.0-only
/// A helper that returns nothing gives the lock of its callers back at times, and they do so behind it.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

struct saffron_bulb { spinlock_t lock; int buds, cut; };

static void saffron_drop(struct saffron_bulb *bulb)
{
	if (bulb->cut) {
		spin_unlock(&bulb->lock);
		return;	/* violates: mkdir.gives_back moderate */
	}
	bulb->buds--;
}

static void saffron_wait(struct saffron_bulb *bulb)
{
	if (bulb->cut) {
		spin_unlock(&bulb->lock);
		spin_lock(&bulb->lock);
	}
	bulb->buds--;	/* ok: mkdir.gives_back */
}

static void saffron_end(struct saffron_bulb *bulb)
{
	bulb->buds = 0;
	spin_unlock(&bulb->lock);	/* ok: mkdir.gives_back */
}

static int saffron_mkdir(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode)
{
	struct saffron_bulb *bulb = dir->i_private;

	spin_lock(&bulb->lock);
	saffron_drop(bulb);
	saffron_wait(bulb);
	spin_unlock(&bulb->lock);
	spin_lock(&bulb->lock);
	saffron_end(bulb);
	return 0;
}

const struct inode_operations saffron_iops = {
	.mkdir = saffron_mkdir,
};
