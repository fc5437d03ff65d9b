// SPDX-License-Identifier: GPL-2.0-only
/// Which way the lock of the inode is held stands behind a pointer; who is interrupted holds it in no way.
#include <linux/dcache.h>
#include <linux/methods.h>
#include <linux/store.h>

int down_read_interruptible(struct rw_semaphore *sem);
int yarrow_statfs(struct dentry *dentry, struct kstatfs *buf);

static long yarrow_shared(struct inode *inode, int *shared, size_t len)
{
	int err;

again:
	err = store_reserve(inode, len);
	if (err)
		goto out;
	if (*shared && store_full(inode)) {
		up_read(&inode->i_rwsem);
		*shared = 0;
		inode_lock(inode);
		goto again;
	}
	return 0;	/* ok: read.gives_back */
out:
	if (*shared)
		up_read(&inode->i_rwsem);
	else
		inode_unlock(inode);
	return err;	/* ok: read.gives_back */
}

static long yarrow_read(struct file *file, char *buf, size_t len, loff_t *pos)
{
	struct inode *inode = file->f_inode;
	int shared = 1;
	long err;

	if (down_read_interruptible(&inode->i_rwsem) == -EAGAIN)
		return -EAGAIN;	/* ok: read.gives_back */
	err = yarrow_shared(inode, &shared, len);
	if (err)
		return err;	/* ok: read.gives_back */
	if (shared)
		up_read(&inode->i_rwsem);
	else
		inode_unlock(inode);
	return 0;	/* ok: read.gives_back */
}

const struct file_operations yarrow_fops = {
	.read = yarrow_read,
};

const struct super_operations yarrow_sops = {
	.statfs = yarrow_statfs,
};
