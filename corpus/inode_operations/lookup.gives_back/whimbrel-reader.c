// SPDX-License-Identifier: GPL-2.0-only
/// A reader of RCU goes on reading where it fails; who reads inside of that, or says that it reads for its caller, does not.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

struct whimbrel_list { int number; struct whimbrel_list *next; };

static struct whimbrel_list *whimbrel_lock_first(struct inode *dir)
{
	rcu_read_lock();
	return dir->i_private;	/* ok: lookup.gives_back */
}

static int whimbrel_count(struct inode *dir)
{
	struct whimbrel_list *one;
	int count = 0;

	rcu_read_lock();
	for (one = dir->i_private; one; one = one->next)
		count++;
	rcu_read_unlock();
	return count;
}

static int whimbrel_find(struct inode *dir, int number)
{
	struct whimbrel_list *one;

	rcu_read_lock();
	if (!whimbrel_count(dir))
		return -ENOENT;	/* violates: lookup.gives_back */
	for (one = dir->i_private; one; one = one->next) {
		if (one->number == number)
			break;
	}
	rcu_read_unlock();
	return one ? 0 : -ENOENT;
}

static struct dentry *whimbrel_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct whimbrel_list *first = whimbrel_lock_first(dir);

	flags += first ? first->number : 0;
	rcu_read_unlock();
	return ERR_PTR(whimbrel_find(dir, flags));
}

const struct inode_operations whimbrel_iops = { .lookup = whimbrel_lookup };
