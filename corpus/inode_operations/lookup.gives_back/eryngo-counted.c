// SPDX-License-Identifier: GPL-2.0-only
/// Who counts what he has found once more gives that back: those who only look it up have nothing to give back.
// Kernel: 6.8
#include <linux/fs.h>
#include <linux/refcount.h>

struct eryngo_head { refcount_t users; int depth; };

void kfree(const void *pointer);
int eryngo_dig(struct eryngo_head *head);

static void eryngo_put(struct eryngo_head *head)
{
	if (refcount_dec_and_test(&head->users))
		kfree(head);
}

static struct eryngo_head *eryngo_find(struct inode *dir)
{
	return dir->i_private;
}

static int eryngo_wait(struct inode *dir)
{
	struct eryngo_head *head = eryngo_find(dir);
	int err;

	refcount_inc(&head->users);
	err = eryngo_dig(head);
	eryngo_put(head);
	return err;	/* ok: lookup.gives_back */
}

static int eryngo_run(struct inode *dir)
{
	struct eryngo_head *head = eryngo_find(dir);
	int err;

	refcount_inc(&head->users);
	err = eryngo_dig(head) ? : eryngo_wait(dir);
	eryngo_put(head);
	return err;	/* ok: lookup.gives_back */
}

static struct dentry *eryngo_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct eryngo_head *head = eryngo_find(dir);

	if (eryngo_run(dir))
		return ERR_PTR(-EIO);	/* ok: lookup.gives_back */
	return head->depth ? dentry : NULL;
}

const struct inode_operations eryngo_iops = { .lookup = eryngo_lookup };
