// SPDX-License-Identifier: GPL-2.0-only
/// A reference that a file system counts itself, be it made or taken, is given back where it fails; work that is counted is none.
// Kernel: 6.8
#include <linux/fs.h>
#include <linux/refcount.h>

struct redwing_call { refcount_t users; refcount_t parts; int reply; };
void *kzalloc(size_t size, gfp_t flags);
int redwing_wait(int reply);
int redwing_part(struct redwing_call *call, int number);

static struct redwing_call *redwing_alloc_call(struct inode *dir)
{
	struct redwing_call *call = kzalloc(sizeof(*call), GFP_KERNEL);

	if (!call)
		return ERR_PTR(-ENOMEM);
	refcount_set(&call->users, 1);
	call->reply = dir->i_nlink;
	return call;
}

static void redwing_put_call(struct redwing_call *call)
{
	if (refcount_dec_and_test(&call->users))
		kfree(call);
}

static int redwing_parts(struct redwing_call *call)
{
	int number, err = 0;

	refcount_set(&call->parts, 1);
	for (number = 0; number < call->reply && !err; number++) {
		refcount_inc(&call->parts);
		err = redwing_part(call, number);
	}
	if (refcount_dec_and_test(&call->parts))
		call->reply = 0;
	return err;	/* ok: lookup.gives_back */
}

static struct dentry *redwing_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct redwing_call *call = redwing_alloc_call(dir);
	int err;

	if (IS_ERR(call))
		return ERR_PTR(PTR_ERR(call));	/* ok: lookup.gives_back */
	err = redwing_wait(call->reply);
	if (err < 0)
		return ERR_PTR(err);	/* violates: lookup.gives_back */
	err = redwing_parts(call);
	redwing_put_call(call);
	return ERR_PTR(err);	/* ok: lookup.gives_back */
}

const struct inode_operations redwing_iops = { .lookup = redwing_lookup };
