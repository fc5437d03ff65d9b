// SPDX-License-Identifier: GPL-2.0-only
/// A system call is a function like any other.
// Kernel: 6.8
#include <linux/fs.h>
#include <linux/rwsem.h>
#include <linux/syscalls.h>

struct zinnia_pot { struct rw_semaphore lock; int full; };

struct zinnia_pot *zinnia_pot(int fd);
int zinnia_sow(struct zinnia_pot *pot, unsigned int seeds);

SYSCALL_DEFINE2(zinnia_sow_all, int, fd, unsigned int, seeds)
{
	struct zinnia_pot *pot = zinnia_pot(fd);
	int err;

	down_write(&pot->lock);
	if (pot->full) {
		up_write(&pot->lock);
		return -ENOSPC;
	}
	err = zinnia_sow(pot, seeds);
	up_write(&pot->lock);
	return err;
}

static struct dentry *zinnia_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	return NULL;
}

const struct inode_operations zinnia_iops = {
	.lookup = zinnia_lookup,
};
