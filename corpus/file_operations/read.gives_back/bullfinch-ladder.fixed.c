// SPDX-License-Identifier: GPL-2.0-only
/// Two labels, of which the lower one keeps what is in hand: the jump goes to the one that all later exits go to.
// Source: our own, after a planted fault in gfs2_fallocate() of 6.12
#include <linux/dcache.h>
#include <linux/methods.h>
#include <linux/rwsem.h>
#include <linux/store.h>

struct bullfinch { struct rw_semaphore lock; struct store *store; };

int bullfinch_queue(struct bullfinch *own);
void bullfinch_dequeue(struct bullfinch *own);
void bullfinch_init(struct bullfinch *own);
void bullfinch_uninit(struct bullfinch *own);
int bullfinch_statfs(struct dentry *dentry, struct kstatfs *buf);

static long bullfinch_read(struct file *file, char *buf, size_t len, loff_t *pos)
{
	struct bullfinch *own = file->private_data;
	int err;

	down_write(&own->lock);
	bullfinch_init(own);
	err = bullfinch_queue(own);
	if (err)
		goto uninit;
	if (store_sealed(file->f_inode)) {
		err = -EROFS;
		goto dequeue;
	}
	err = store_reserve(file->f_inode, len);
	if (err)
		goto dequeue;
	err = store_read(file->f_inode, *pos, buf, len);
dequeue:
	bullfinch_dequeue(own);
uninit:
	bullfinch_uninit(own);
	up_write(&own->lock);
	return err;
}

const struct file_operations bullfinch_fops = {
	.read = bullfinch_read,
};

const struct super_operations bullfinch_sops = {
	.statfs = bullfinch_statfs,
};
