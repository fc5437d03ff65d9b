// SPDX-License-Identifier: GPL-2.0-only
/// A test asks for what a call behind the lock has returned; one that asks what decided on the lock may know of it.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>
#include <linux/rwsem.h>

struct valerian_bed { struct rw_semaphore lock; int own; };

int valerian_dig(struct valerian_bed *bed);
int valerian_sow(struct valerian_bed *bed);
int valerian_room(struct valerian_bed *bed);

static int valerian_mkdir(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode)
{
	struct valerian_bed *bed = dir->i_private;
	int err = -ENOSPC;

	if (valerian_room(bed)) {
		down_write(&bed->lock);
		err = valerian_dig(bed);
	}
	if (err)
		goto out;
	err = valerian_sow(bed);
	up_write(&bed->lock);
out:
	return err;	/* violates: mkdir.gives_back */
}

static int vetchling_mkdir(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode)
{
	struct valerian_bed *bed = dir->i_private;
	int err, own = valerian_room(bed);

	if (own)
		down_write(&bed->lock);
	err = valerian_dig(bed);
	if (own)
		up_write(&bed->lock);
	return err;	/* ok: mkdir.gives_back */
}

const struct inode_operations valerian_iops = {
	.mkdir = valerian_mkdir,
};

const struct inode_operations vetchling_iops = {
	.mkdir = vetchling_mkdir,
};
