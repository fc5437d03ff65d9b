// SPDX-License-Identifier: GPL-2.0-only
/// A loop ends below zero and a test behind it asks for anything but zero: what is more than zero nobody returns.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>
#include <linux/refcount.h>

struct burnet_bed { refcount_t users; int rows[4]; };

struct burnet_bed *burnet_new(struct inode *dir);
void burnet_free(struct burnet_bed *bed);
int burnet_row(struct inode *dir, int *row);

static void burnet_put(struct burnet_bed *bed)
{
	if (bed && refcount_dec_and_test(&bed->users))
		burnet_free(bed);
}

static struct burnet_bed *burnet_alloc(struct inode *dir)
{
	struct burnet_bed *bed = burnet_new(dir);

	if (bed)
		refcount_set(&bed->users, 1);
	return bed;
}

static int burnet_map(struct inode *dir, struct burnet_bed **out)
{
	struct burnet_bed *bed = burnet_alloc(dir);
	int ret = 0, n;

	if (!bed)
		return -ENOMEM;
	for (n = 0; n < 4; n++) {
		ret = burnet_row(dir, &bed->rows[n]);
		if (ret < 0)
			break;
	}
	if (ret) {
		*out = NULL;
		goto done;
	}
	*out = bed;
done:
	return ret;	/* violates: lookup.gives_back moderate */
}

static struct dentry *burnet_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct burnet_bed *bed;
	int err = burnet_map(dir, &bed);

	if (!err) burnet_put(bed);
	return ERR_PTR(err);
}

const struct inode_operations burnet_iops = { .lookup = burnet_lookup };
