/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_FILELOCK_H
#define _LINUX_FILELOCK_H

#include <linux/fs.h>

struct file_lock_context {
	spinlock_t flc_lock;
	unsigned int flc_leases;
};

struct file_lock {
	struct file *fl_file;
	const struct lock_manager_operations *fl_lmops;
	void *fl_owner;
	unsigned int fl_flags;
};

struct file_lock_operations {
	void (*fl_copy_lock)(struct file_lock *to, struct file_lock *from);
	void (*fl_release_private)(struct file_lock *lock);
};

struct lock_manager_operations {
	void (*lm_notify)(struct file_lock *lock);
	int (*lm_grant)(struct file_lock *lock, int result);
	bool (*lm_break)(struct file_lock *lock);
	int (*lm_change)(struct file_lock *lock, int type);
	bool (*lm_breaker_owns_lease)(struct file_lock *lock);
	bool (*lm_lock_expirable)(struct file_lock *lock);
	void (*lm_expire_lock)(void);
	bool (*lm_open_conflict)(struct file *file, int arg);
	bool (*lm_breaker_timedout)(struct file_lock *lock);
};

static inline struct file_lock_context *locks_inode_context(const struct inode *inode)
{
	return inode->i_flctx;
}

#endif
