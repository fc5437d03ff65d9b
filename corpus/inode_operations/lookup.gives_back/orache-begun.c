// SPDX-License-Identifier: GPL-2.0-only
/// What one function makes, another begins the count of, and others count once more, by a call or by hand: each of these is
/// given back before a failure is told.
// Kernel: 6.8
#include <linux/fs.h>
#include <linux/refcount.h>

struct orache { refcount_t users; int strands; };

void *orache_alloc(int strands);
void kfree(const void *what);

static void orache_put(struct orache *orache)
{
	if (refcount_dec_and_test(&orache->users))
		kfree(orache);
}

static void orache_begin(struct orache *orache, int strands)
{
	orache->strands = strands;
	refcount_set(&orache->users, 1);
}

static struct orache *orache_sow(int strands)
{
	struct orache *orache = orache_alloc(strands);

	if (orache)
		orache_begin(orache, strands);
	return orache;
}

static int orache_climbs(struct orache *other)
{
	refcount_inc(&other->users);
	if (other->strands > 4)
		return -EIO;	/* violates: lookup.gives_back moderate */
	orache_put(other);
	return 0;	/* ok: lookup.gives_back */
}

static struct dentry *orache_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct orache *orache = orache_sow(flags);

	if (!orache)
		return ERR_PTR(-ENOMEM);	/* ok: lookup.gives_back */
	if (orache->strands > 2)
		return ERR_PTR(-EIO);	/* violates: lookup.gives_back */
	orache_put(orache);
	return ERR_PTR(orache_climbs(dir->i_private));
}

const struct inode_operations orache_iops = { .lookup = orache_lookup };
