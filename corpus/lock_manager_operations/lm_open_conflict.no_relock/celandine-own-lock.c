// SPDX-License-Identifier: GPL-2.0-only
/// Nothing of the inode's own locks is taken.
// Kernel: 6.8
#include <linux/filelock.h>

static spinlock_t celandine_clients;
static unsigned long celandine_seen;

static bool celandine_lm_open_conflict(struct file *file, int arg)
{
	spin_lock(&celandine_clients);	/* ok: lm_open_conflict.no_relock */
	celandine_seen += arg;
	spin_unlock(&celandine_clients);
	return false;
}

const struct lock_manager_operations celandine_manager_ops = {
	.lm_open_conflict = celandine_lm_open_conflict,
};
