// SPDX-License-Identifier: GPL-2.0-only
/// What counts may stand in a structure inside, its getter may come back with nothing, and a plain function may give it back.
// Kernel: 6.8
#include <linux/fs.h>

typedef struct { int refs; } refcount_t;
struct clary_row { refcount_t count; };
struct clary_bed { struct clary_row row; int open; };

int refcount_inc_not_zero(refcount_t *count);
int refcount_dec_and_test(refcount_t *count);
void clary_free(struct clary_bed *bed, int later);
int clary_dig(struct inode *dir);

static struct clary_bed *clary_get(struct clary_bed *bed)
{
	if (bed != NULL && refcount_inc_not_zero(&bed->row.count))
		return bed;
	return NULL;
}

static void clary_put_later(struct clary_bed *bed, int later)
{
	if (!refcount_dec_and_test(&bed->row.count))
		return;
	clary_free(bed, later);
}

static void clary_put(struct clary_bed *bed)
{
	clary_put_later(bed, 0);
}

static int clary_plant(struct inode *dir)
{
	struct clary_bed *bed = dir->i_private;
	int err;

	if (!clary_get(bed))
		return 0;
	err = clary_dig(dir);
	if (err) {
		clary_put(bed);
		return err;
	}
	clary_put(bed);
	return 0;
}

static struct dentry *clary_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	return ERR_PTR(clary_plant(dir));
}

const struct inode_operations clary_iops = { .lookup = clary_lookup };
