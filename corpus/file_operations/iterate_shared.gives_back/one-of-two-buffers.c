// SPDX-License-Identifier: GPL-2.0-only
/// A semaphore that guards one of two buffers is released where it is that buffer.
#include <linux/buffer_head.h>
#include <linux/methods.h>
#include <linux/pagemap.h>
#include <linux/rwsem.h>

struct yarrow_dir {
	struct rw_semaphore lock;
	char *names;
};

int yarrow_statfs(struct dentry *dentry, struct kstatfs *buf);

static int yarrow_iterate(struct file *file, void *context)
{
	struct yarrow_dir *dir = file->private_data;
	char *names = dir->names;
	int err = -EIO;

	if (names)
		down_read(&dir->lock);
	else
		names = kmalloc(64, GFP_KERNEL);
	if (!names)
		return -ENOMEM;	/* ok: iterate_shared.gives_back */
	if (names[0])
		err = 0;
	if (names == dir->names)
		up_read(&dir->lock);
	else
		kfree(names);
	return err;	/* ok: iterate_shared.gives_back */
}

const struct file_operations yarrow_dir_fops = {
	.iterate_shared = yarrow_iterate,
};

const struct super_operations yarrow_sops = {
	.statfs = yarrow_statfs,
};
