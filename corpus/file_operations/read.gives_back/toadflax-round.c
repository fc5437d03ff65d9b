// SPDX-License-Identifier: GPL-2.0-only
/// What a loop waits for comes about: behind another round of the function it may be so again, and the lock is given up then.
// Fixable: no
#include <linux/dcache.h>
#include <linux/methods.h>
#include <linux/rwsem.h>
#include <linux/store.h>

struct toadflax { struct rw_semaphore lock; int waits; };

int toadflax_statfs(struct dentry *dentry, struct kstatfs *buf);
void toadflax_settle(struct inode *inode);

static int toadflax_release(struct rw_semaphore *lock, struct inode *inode)
{
	if (store_sealed(inode))
		return -EAGAIN;
	up_read(lock);
	return 0;
}

static long toadflax_read(struct file *file, char *buf, size_t len, loff_t *pos)
{
	struct toadflax *own = file->private_data;
	struct inode *inode = file->f_inode;
	bool held = false;
	long err = -EAGAIN;

again:
	if (own->waits && len)
		goto out;
	while (own->waits) {
		if (held) {
			toadflax_release(&own->lock, inode);
			held = false;
		}
		toadflax_settle(inode);
	}
	if (store_full(inode) && !held) {
		down_read(&own->lock);	/* violates: read.gives_back moderate */
		held = true;
		goto again;
	}
	if (store_full(inode))
		err = -EIO;
out:
	if (held)
		up_read(&own->lock);
	return err;	/* violates: read.gives_back */
}

const struct file_operations toadflax_fops = {
	.read = toadflax_read,
};

const struct super_operations toadflax_sops = {
	.statfs = toadflax_statfs,
};
