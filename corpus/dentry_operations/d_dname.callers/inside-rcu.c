// SPDX-License-Identifier: GPL-2.0-only
/// A name is made in rcu-walk, and after it.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static unsigned long gorse_seen;

char *gorse_name(struct dentry *dentry, char *buffer, int len)
{
	char *name;

	rcu_read_lock();
	name = dentry->d_op->d_dname(dentry, buffer, len);	/* violates: d_dname.callers low */
	rcu_read_unlock();
	return name;
}

char *gorse_name_later(struct dentry *dentry, char *buffer, int len)
{
	char *name;

	rcu_read_lock();
	gorse_seen++;
	rcu_read_unlock();
	name = dentry->d_op->d_dname(dentry, buffer, len);	/* ok: d_dname.callers */
	return name;
}
