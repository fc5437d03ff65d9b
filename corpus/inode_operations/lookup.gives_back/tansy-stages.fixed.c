// SPDX-License-Identifier: GPL-2.0-only
/// What a later stage takes is not owed ahead of it: a label that gives back what is, and no more, may be gone to.
// Kernel: 6.8
#include <linux/fs.h>

struct tansy_bed { int rows; };

struct dentry *dget_parent(struct dentry *dentry);
void dput(struct dentry *dentry);
int mnt_want_write(struct tansy_bed *bed);
void mnt_drop_write(struct tansy_bed *bed);
int tansy_dig(struct inode *dir);
int tansy_sow(struct inode *dir);

static int tansy_plant(struct inode *dir, struct dentry *dentry)
{
	struct tansy_bed *bed = dir->i_private;
	struct dentry *parent = dget_parent(dentry);
	int err;

	if (!parent)
		return -ENOENT;
	err = tansy_dig(dir);
	if (err)
		goto out_parent;
	err = mnt_want_write(bed);
	if (err)
		goto out_parent;
	err = tansy_sow(dir);
	if (err)
		goto out_write;
	mnt_drop_write(bed);
	dput(parent);
	return 0;
out_write:
	mnt_drop_write(bed);
out_parent:
	dput(parent);
	return err;
}

static struct dentry *tansy_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	return ERR_PTR(tansy_plant(dir, dentry));
}

const struct inode_operations tansy_iops = { .lookup = tansy_lookup };
