/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_FS_H
#define _LINUX_FS_H

#include <linux/rwsem.h>
#include <linux/types.h>

typedef struct spinlock {
	int value;
} spinlock_t;

struct folio;
struct writeback_control;
struct file_lock_context;

struct super_block {
	struct rw_semaphore s_umount;
	unsigned int s_flags;
	void *s_fs_info;
};

struct dentry {
	struct super_block *d_sb;
};

struct fs_context {
	struct dentry *root;
	unsigned int sb_flags;
};

struct fs_context_operations {
	int (*reconfigure)(struct fs_context *fc);
};

struct inode {
	struct super_block *i_sb;
	struct address_space *i_mapping;
	struct file_lock_context *i_flctx;
	loff_t i_size;
	void *i_private;
};

struct file {
	struct inode *f_inode;
	void *private_data;
};

struct address_space {
	struct inode *host;
};

struct address_space_operations {
	int (*read_folio)(struct file *file, struct folio *folio);
	int (*writepages)(struct address_space *mapping, struct writeback_control *wbc);
};

void spin_lock(spinlock_t *lock);
void spin_unlock(spinlock_t *lock);
void msleep(unsigned int msecs);
bool schedule_work(void *work);
loff_t i_size_read(const struct inode *inode);
void mark_inode_dirty(struct inode *inode);

static inline struct inode *file_inode(const struct file *file)
{
	return file->f_inode;
}

#endif
