// SPDX-License-Identifier: GPL-2.0-only
/// The same allocation with a mask that does not wait, from a helper that the other version of the kernel does not compile.
// Kernel: 6.12
#include <linux/guards.h>
#include <linux/version.h>

struct skirret_fold {
	unsigned int hash;
};

#if LINUX_VERSION_CODE >= KERNEL_VERSION(4, 18, 0)
static struct skirret_fold *skirret_fold_of(unsigned int length)
#else
static struct skirret_fold *skirret_fold_of(unsigned int length, int flags)
#endif
{
	struct skirret_fold *fold;

#if LINUX_VERSION_CODE < KERNEL_VERSION(4, 18, 0)
	msleep(flags);
#endif
	fold = kmalloc_obj(struct skirret_fold, GFP_NOWAIT);
	if (fold)
		fold->hash = length * 31;
	return fold;
}

static int skirret_d_hash(const struct dentry *dentry, struct qstr *name)
{
	struct skirret_fold *fold = skirret_fold_of(name->len);	/* ok: d_hash.never_sleeps */

	if (!fold)
		return -ENOMEM;
	name->hash = fold->hash;
	kfree(fold);
	return 0;
}

const struct dentry_operations skirret_dentry_ops = {
	.d_hash = skirret_d_hash,
};
