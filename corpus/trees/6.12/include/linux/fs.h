/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_FS_H
#define _LINUX_FS_H

#include <linux/rwsem.h>
#include <linux/types.h>

/* What path walking, faults and interrupts call, and the locks that they meet. */
#define GFP_ATOMIC 4u
#define GFP_NOWAIT 8u
#define ECHILD 10
#define EACCES 13
#define LOOKUP_RCU 0x40u
#define MAY_EXEC 0x1
#define MAY_WRITE 0x2
#define MAY_NOT_BLOCK 0x80
#define PATH_MAX 4096

#define __getname() kmalloc(PATH_MAX, GFP_KERNEL)
#define __putname(name) kfree(name)

#define IS_ERR(p) ((unsigned long)(p) >= (unsigned long)-4095)
#define ERR_PTR(e) ((void *)(long)(e))

typedef unsigned int vm_fault_t;

typedef struct spinlock {
	int value;
} spinlock_t;

struct mutex {
	int value;
};

struct mnt_idmap;
struct delayed_call;
struct inode;

struct super_block {
	void *s_fs_info;
};

struct qstr {
	const char *name;
	unsigned int len;
	unsigned int hash;
};

struct dentry {
	spinlock_t d_lock;
	struct inode *d_inode;
	struct super_block *d_sb;
	void *d_fsdata;
};

struct inode {
	spinlock_t i_lock;
	struct super_block *i_sb;
	unsigned int i_nlink;
	loff_t i_size;
	void *i_private;
};

struct buffer_head {
	void *b_private;
	void (*b_end_io)(struct buffer_head *bh, int uptodate);
};

struct vm_fault {
	struct inode *inode;
	pgoff_t pgoff;
};

struct dentry_operations {
	int (*d_revalidate)(struct dentry *dentry, unsigned int flags);
	int (*d_hash)(const struct dentry *dentry, struct qstr *name);
	int (*d_delete)(const struct dentry *dentry);
};

struct inode_operations {
	const char *(*get_link)(struct dentry *dentry, struct inode *inode, struct delayed_call *done);
	int (*permission)(struct mnt_idmap *idmap, struct inode *inode, int mask);
};

struct super_operations {
	int (*drop_inode)(struct inode *inode);
};

struct vm_operations_struct {
	vm_fault_t (*map_pages)(struct vm_fault *vmf, pgoff_t first, pgoff_t last);
};

void spin_lock(spinlock_t *lock);
void spin_unlock(spinlock_t *lock);
void spin_lock_irq(spinlock_t *lock);
void spin_unlock_irq(spinlock_t *lock);
void spin_lock_bh(spinlock_t *lock);
void spin_unlock_bh(spinlock_t *lock);
void take_irqsave(spinlock_t *lock, unsigned long *flags);
void spin_unlock_irqrestore(spinlock_t *lock, unsigned long flags);
#define spin_lock_irqsave(lock, flags) take_irqsave(lock, &(flags))
void mutex_lock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
void msleep(unsigned int msecs);
bool in_atomic(void);
bool schedule_work(void *work);
int printk(const char *fmt, ...);
void *kmemdup(const void *source, size_t size, gfp_t flags);
struct inode *d_inode(const struct dentry *dentry);
struct inode *d_inode_rcu(const struct dentry *dentry);
int generic_permission(struct mnt_idmap *idmap, struct inode *inode, int mask);
int generic_drop_inode(struct inode *inode);
vm_fault_t filemap_map_pages(struct vm_fault *vmf, pgoff_t first, pgoff_t last);
void set_delayed_call(struct delayed_call *done, void (*free)(const void *object), void *object);
void unlock_buffer(struct buffer_head *bh);
void put_bh(struct buffer_head *bh);

#endif
