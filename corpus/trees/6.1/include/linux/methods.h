/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_METHODS_H
#define _LINUX_METHODS_H

#include <linux/fs.h>

/* The methods beside those of pages, and the generic functions that they are made of. */
struct kstatfs;
struct file_lock;
struct fasync_struct;
struct mm_struct;
struct vm_area_struct;


#define IS_ERR(p) ((unsigned long)(p) >= (unsigned long)-4095)
#define IS_ERR_OR_NULL(p) (!(p) || IS_ERR(p))
#define ERR_PTR(e) ((void *)(long)(e))
#define PTR_ERR(p) ((long)(p))
#define ERR_CAST(p) ((void *)(p))

struct file_system_type {
	struct dentry *(*mount)(struct file_system_type *type, int flags, const char *name, void *data);
	void (*kill_sb)(struct super_block *sb);
};

struct super_operations {
	int (*statfs)(struct dentry *dentry, struct kstatfs *buf);
	void (*umount_begin)(struct super_block *sb);
};

struct file_operations {
	long (*read)(struct file *file, char *buf, size_t len, loff_t *pos);
	int (*iterate_shared)(struct file *file, void *context);
	int (*fasync)(int fd, struct file *file, int on);
	int (*setlease)(struct file *file, long arg, struct file_lock **lock, void **priv);
};

struct vm_fault {
	struct vm_area_struct *vma;
	struct page *page;
	pgoff_t pgoff;
	unsigned int flags;
};

struct vm_operations_struct {
	unsigned int (*fault)(struct vm_fault *vmf);
	unsigned int (*huge_fault)(struct vm_fault *vmf, unsigned int order);
	unsigned int (*page_mkwrite)(struct vm_fault *vmf);
};

enum {
	VM_FAULT_OOM = 0x1,
	VM_FAULT_SIGBUS = 0x2,
	VM_FAULT_MAJOR = 0x4,
	VM_FAULT_NOPAGE = 0x100,
	VM_FAULT_LOCKED = 0x200,
	VM_FAULT_RETRY = 0x400,
	VM_FAULT_FALLBACK = 0x800,
};

static inline unsigned int vmf_error(int err)
{
	return err == -ENOMEM ? VM_FAULT_OOM : VM_FAULT_SIGBUS;
}

enum {
	FAULT_FLAG_ALLOW_RETRY = 0x4,
	FAULT_FLAG_RETRY_NOWAIT = 0x8,
};

struct dentry *mount_nodev(struct file_system_type *type, int flags, void *data);
struct dentry *dget(struct dentry *dentry);
struct super_block *sget(struct file_system_type *type, void *data);
void deactivate_locked_super(struct super_block *sb);
void generic_shutdown_super(struct super_block *sb);
void kill_anon_super(struct super_block *sb);
void kill_block_super(struct super_block *sb);
int fasync_helper(int fd, struct file *file, int on, struct fasync_struct **queue);
int generic_setlease(struct file *file, long arg, struct file_lock **lock, void **priv);
unsigned int filemap_fault(struct vm_fault *vmf);
int bmap(struct inode *inode, sector_t *block);
void mmap_read_unlock(struct mm_struct *mm);
struct mm_struct *vma_mm(struct vm_area_struct *vma);
struct inode *vma_inode(struct vm_area_struct *vma);

#endif
