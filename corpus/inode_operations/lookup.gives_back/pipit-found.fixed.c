// SPDX-License-Identifier: GPL-2.0-only
/// What is counted is got by a call that says so by no name; who gives it back elsewhere tells.
// Kernel: 6.8
#include <linux/fs.h>
#include <linux/refcount.h>

struct pipit { refcount_t users; int number; };
struct pipit *pipit_of(int number);

static void pipit_put(struct pipit *own)
{
	if (refcount_dec_and_test(&own->users))
		kfree(own);
}

static int pipit_first(int number)
{
	struct pipit *own = pipit_of(number);

	if (!own)
		return -ENOENT;
	number = own->number;
	pipit_put(own);
	return number;
}

static int pipit_second(int number)
{
	struct pipit *own = pipit_of(number);

	if (!own)
		return -ENOENT;
	own->number++;
	pipit_put(own);
	return 0;
}

struct pipit *pipit_of(int number)
{
	return number > 3 ? NULL : kmalloc(sizeof(struct pipit), GFP_KERNEL);
}

static struct dentry *pipit_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct pipit *own = pipit_of(3);

	if (!own)
		return ERR_PTR(-ENOENT);
	if (own->number > 3) {
		pipit_put(own);
		return ERR_PTR(-EIO);
	}
	pipit_put(own);
	return ERR_PTR(pipit_first(1) + pipit_second(2));
}

const struct inode_operations pipit_iops = { .lookup = pipit_lookup };
