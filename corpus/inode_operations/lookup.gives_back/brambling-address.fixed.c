// SPDX-License-Identifier: GPL-2.0-only
/// What a call puts where it is told to, and all who call it give back, goes back on each way that ends like one which has done so.
// Kernel: 6.8
#include <linux/fs.h>

struct brambling { int number; struct brambling *next; };
void *kzalloc(size_t size, gfp_t flags);
void brambling_note(struct brambling *one);

static int brambling_alloc(struct inode *dir, struct brambling **out)
{
	struct brambling *one = kzalloc(sizeof(*one) * dir->i_nlink, GFP_KERNEL);

	if (!one)
		return -ENOMEM;
	*out = one;
	return 0;
}

static void brambling_cancel(struct brambling *one) { kfree(one); }

static int brambling_sum(struct brambling *one) { return one->number ? -EIO : 0; }

static int brambling_first(struct inode *dir)
{
	struct brambling *one;
	int err = brambling_alloc(dir, &one);

	if (err)
		return err;
	err = brambling_sum(one);
	brambling_cancel(one);
	return err;
}

static struct dentry *brambling_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct brambling *one;
	int err = brambling_alloc(dir, &one);

	if (err)
		return ERR_PTR(err);
	brambling_note(one);
	err = brambling_sum(one);
	if (err) {
		brambling_cancel(one);
		return ERR_PTR(err);
	}
	err = brambling_first(dir);
	brambling_cancel(one);
	return ERR_PTR(err);
}

const struct inode_operations brambling_iops = { .lookup = brambling_lookup };
