// SPDX-License-Identifier: GPL-2.0-only
/// Two labels, and between them a step whose name does not say that it gives back: where to jump is for a person to see.
// Source: our own, after a planted fault in gfs2_fallocate() of 6.12
// Fixable: no
#include <linux/dcache.h>
#include <linux/methods.h>
#include <linux/rwsem.h>
#include <linux/store.h>

struct hawfinch { struct rw_semaphore lock; struct store *store; };

int hawfinch_queue(struct hawfinch *own);
void hawfinch_let_go(struct hawfinch *own);
void hawfinch_init(struct hawfinch *own);
void hawfinch_uninit(struct hawfinch *own);
int hawfinch_statfs(struct dentry *dentry, struct kstatfs *buf);

static long hawfinch_read(struct file *file, char *buf, size_t len, loff_t *pos)
{
	struct hawfinch *own = file->private_data;
	int err;

	down_write(&own->lock);
	hawfinch_init(own);
	err = hawfinch_queue(own);
	if (err)
		goto uninit;
	if (store_sealed(file->f_inode))
		return -EROFS;	/* violates: read.gives_back */
	err = store_reserve(file->f_inode, len);
	if (err)
		goto dequeue;
	err = store_read(file->f_inode, *pos, buf, len);
dequeue:
	hawfinch_let_go(own);
uninit:
	hawfinch_uninit(own);
	up_write(&own->lock);
	return err;	/* ok: read.gives_back */
}

const struct file_operations hawfinch_fops = {
	.read = hawfinch_read,
};

const struct super_operations hawfinch_sops = {
	.statfs = hawfinch_statfs,
};
