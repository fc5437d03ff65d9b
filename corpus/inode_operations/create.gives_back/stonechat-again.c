// SPDX-License-Identifier: GPL-2.0-only
/// One release that is missing is told of once: where the mutex is taken again, and not at each place that comes behind.
// Kernel: 6.8
// Fixable: no
// Source: the shape of ntfs_attr_fallocate() of 7.3, a release less
#include <linux/fs.h>
#include <linux/locking.h>

struct stonechat_box {
	struct mutex lock;
	int left;
};

int stonechat_grow(struct stonechat_box *box, umode_t mode);
int stonechat_settle(struct stonechat_box *box);

static int stonechat_create(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode, bool excl)
{
	struct stonechat_box *box = dir->i_private;
	int err = 0;

	while (mode) {
		mutex_lock(&box->lock);	/* violates: create.gives_back moderate */
		err = stonechat_grow(box, mode);
		if (err)
			goto out;
		mode--;
	}
	if (box->left) {
		mutex_lock(&box->lock);	/* ok: create.gives_back */
		err = stonechat_settle(box);
		mutex_unlock(&box->lock);
	}
	return err;	/* ok: create.gives_back */
out:
	return err < 0 ? err : 0;	/* ok: create.gives_back */
}

const struct inode_operations stonechat_iops = {
	.create = stonechat_create,
};
