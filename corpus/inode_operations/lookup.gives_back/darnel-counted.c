// SPDX-License-Identifier: GPL-2.0-only
/// A look-up counts what it hands back, and another hands that on: whoever calls these, be it once, gives it back.
// Kernel: 6.8
#include <linux/fs.h>
#include <linux/refcount.h>

struct darnel_bed { struct darnel_bed *next; refcount_t users; int number; };

void darnel_free(struct darnel_bed *bed);
int darnel_use(struct inode *dir);

static void darnel_put(struct darnel_bed *bed)
{
	if (refcount_dec_and_test(&bed->users))
		darnel_free(bed);
}

static struct darnel_bed *darnel_find(struct darnel_bed *first, int number)
{
	struct darnel_bed *bed;

	for (bed = first; bed; bed = bed->next)
		if (bed->number == number && refcount_inc_not_zero(&bed->users))
			return bed;
	return NULL;
}

static struct darnel_bed *darnel_of(struct inode *dir)
{
	struct darnel_bed *bed;

	if (!dir->i_private)
		return NULL;
	bed = darnel_find(dir->i_private, 1);
	return bed;
}

static struct dentry *darnel_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct darnel_bed *bed = darnel_of(dir);

	if (!bed)
		return NULL;	/* ok: lookup.gives_back */
	if (darnel_use(dir))
		return ERR_PTR(-EIO);	/* violates: lookup.gives_back */
	darnel_put(bed);
	return NULL;	/* ok: lookup.gives_back */
}

const struct inode_operations darnel_iops = { .lookup = darnel_lookup };
