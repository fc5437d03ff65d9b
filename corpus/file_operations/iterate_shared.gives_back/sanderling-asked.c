// SPDX-License-Identifier: GPL-2.0-only
/// A task is looked up for who reads, and an exit between leaves it behind; so does one with its address space.
#include <linux/dcache.h>
#include <linux/methods.h>
#include <linux/store.h>

struct pid;
struct task_struct { int flags; };
struct mm_struct { int flags; };

struct task_struct *get_pid_task(struct pid *pid, int type);
void put_task_struct(struct task_struct *task);
struct mm_struct *get_task_mm(struct task_struct *task);
void mmput(struct mm_struct *mm);
int sanderling_emit(struct file *file, void *context);
int sanderling_statfs(struct dentry *dentry, struct kstatfs *buf);

static inline struct task_struct *sanderling_task(struct inode *inode)
{
	struct pid *pid = inode->i_private;

	return get_pid_task(pid, 0);
}

static int sanderling_iterate(struct file *file, void *context)
{
	struct task_struct *task = sanderling_task(file->f_inode);
	struct mm_struct *mm;
	int err = -ENOENT;

	if (!task)
		return -EINVAL;	/* ok: iterate_shared.gives_back */
	if (store_sealed(file->f_inode))
		return -EROFS;	/* violates: iterate_shared.gives_back */
	mm = get_task_mm(task);
	if (!mm)
		goto put;
	if (store_full(file->f_inode))
		goto put;
	err = sanderling_emit(file, context);
	mmput(mm);
put:
	put_task_struct(task);
	return err;	/* violates: iterate_shared.gives_back */
}

const struct file_operations sanderling_fops = {
	.iterate_shared = sanderling_iterate,
};

const struct super_operations sanderling_sops = {
	.statfs = sanderling_statfs,
};
