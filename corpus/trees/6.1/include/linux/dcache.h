/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_DCACHE_H
#define _LINUX_DCACHE_H

#include <linux/fs.h>

/* Dentries, what locks them and their inodes, and the methods that are called with those locks held. */
struct user_namespace;

typedef struct {
	int locked;
} spinlock_t;

struct dentry {
	spinlock_t d_lock;
	unsigned int d_flags;
	struct dentry *d_parent;
	struct inode *d_inode;
	struct super_block *d_sb;
};

struct iattr {
	unsigned int ia_valid;
	loff_t ia_size;
};

struct dentry_operations {
	int (*d_delete)(const struct dentry *dentry);
};

struct inode_operations {
	int (*unlink)(struct inode *dir, struct dentry *dentry);
	int (*setattr)(struct user_namespace *ns, struct dentry *dentry, struct iattr *attr);
};

void rcu_read_lock(void);
void rcu_read_unlock(void);
void preempt_disable(void);
void preempt_enable(void);
void spin_lock(spinlock_t *lock);
void spin_unlock(spinlock_t *lock);
int down_write_trylock(struct rw_semaphore *sem);

static inline struct inode *d_inode(const struct dentry *dentry)
{
	return dentry->d_inode;
}

static inline void inode_lock(struct inode *inode)
{
	down_write(&inode->i_rwsem);
}

static inline void inode_unlock(struct inode *inode)
{
	up_write(&inode->i_rwsem);
}

static inline int inode_trylock(struct inode *inode)
{
	return down_write_trylock(&inode->i_rwsem);
}

#endif
