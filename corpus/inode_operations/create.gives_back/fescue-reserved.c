// SPDX-License-Identifier: GPL-2.0-only
/// What others give back behind a helper's call they took themselves: nobody does so for it. A caller that uses a macro does.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>
#include <linux/rwsem.h>

struct fescue_log { struct rw_semaphore commit; int number; };
int fescue_full(struct fescue_log *log, umode_t mode);
#define fescue_done(log)	up_write(&(log)->commit)

static int fescue_reserve(struct fescue_log *log, umode_t mode)
{
	down_read(&log->commit);
	if (!fescue_full(log, mode))
		return 0;	/* ok: create.gives_back */
	up_read(&log->commit);
	return -ENOSPC;
}

static void fescue_finish(struct fescue_log *log) { up_read(&log->commit); }

static int fescue_write(struct fescue_log *log, umode_t mode)
{
	int err = fescue_reserve(log, mode);

	if (err)
		return err;
	log->number++;
	fescue_finish(log);
	return 0;	/* ok: create.gives_back */
}

static int fescue_drop(struct fescue_log *log, umode_t mode)
{
	down_read(&log->commit);
	return fescue_full(log, mode);	/* violates: create.gives_back moderate */
}

static int fescue_hold(struct fescue_log *log, umode_t mode)
{
	down_write(&log->commit);
	return fescue_full(log, mode);	/* ok: create.gives_back */
}

static int fescue_create(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode, bool excl)
{
	struct fescue_log *log = dir->i_private;
	int err = fescue_drop(log, mode) ? fescue_write(log, mode) : 0;

	if (!err)
		err = fescue_hold(log, mode);
	fescue_done(log);
	return err ? err : fescue_write(log, mode);
}

const struct inode_operations fescue_iops = { .create = fescue_create };
