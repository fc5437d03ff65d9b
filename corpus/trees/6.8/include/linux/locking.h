/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_LOCKING_H
#define _LINUX_LOCKING_H

#include <linux/rwsem.h>
#include <linux/types.h>

#define GFP_ATOMIC 4u
#define GFP_NOWAIT 8u
#define ECHILD 10
#define EISDIR 21

#define IS_ERR(p) ((unsigned long)(p) >= (unsigned long)-4095)
#define PTR_ERR(p) ((long)(p))
#define ERR_PTR(e) ((void *)(long)(e))

typedef struct spinlock {
	int value;
} spinlock_t;

typedef struct seqlock {
	int value;
} seqlock_t;

struct mutex {
	int value;
};

/* The locks that belong to no object. */
extern seqlock_t rename_lock;
extern spinlock_t blocked_lock_lock;
extern struct rw_semaphore namespace_sem;

void spin_lock(spinlock_t *lock);
int spin_trylock(spinlock_t *lock);
void spin_unlock(spinlock_t *lock);
void write_seqlock(seqlock_t *lock);
void write_sequnlock(seqlock_t *lock);
void read_seqlock_excl(seqlock_t *lock);
void read_sequnlock_excl(seqlock_t *lock);
void mutex_lock(struct mutex *lock);
int mutex_trylock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
void rcu_read_lock(void);
void rcu_read_unlock(void);
void msleep(unsigned int msecs);
bool schedule_work(void *work);

#endif
