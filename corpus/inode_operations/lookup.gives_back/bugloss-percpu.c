// SPDX-License-Identifier: GPL-2.0-only
/// A semaphore that is kept for each processor is given back like any other where the function fails.
// Kernel: 6.8
#include <linux/fs.h>

struct percpu_rw_semaphore { long count; };
struct bugloss_bed { struct percpu_rw_semaphore sem; };

void percpu_down_read(struct percpu_rw_semaphore *sem);
void percpu_up_read(struct percpu_rw_semaphore *sem);
void percpu_down_write(struct percpu_rw_semaphore *sem);
void percpu_up_write(struct percpu_rw_semaphore *sem);
int bugloss_dig(struct inode *dir);

static int bugloss_read(struct inode *dir)
{
	struct bugloss_bed *bed = dir->i_private;
	int err;

	percpu_down_read(&bed->sem);
	err = bugloss_dig(dir);
	percpu_up_read(&bed->sem);
	return err;	/* ok: lookup.gives_back */
}

static int bugloss_write(struct inode *dir)
{
	struct bugloss_bed *bed = dir->i_private;

	percpu_down_write(&bed->sem);
	if (bugloss_dig(dir))
		return -EIO;	/* violates: lookup.gives_back */
	percpu_up_write(&bed->sem);
	return 0;	/* ok: lookup.gives_back */
}

static struct dentry *bugloss_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	int err = bugloss_read(dir);

	return ERR_PTR(err ? err : bugloss_write(dir));
}

const struct inode_operations bugloss_iops = { .lookup = bugloss_lookup };
