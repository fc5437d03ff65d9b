// SPDX-License-Identifier: GPL-2.0-only
/// A helper that counts a reference for itself, and drops that, gives back none of its caller's; one that only drops does.
// Kernel: 6.8
#include <linux/fs.h>

struct dentry *d_find_alias(struct inode *inode);
struct dentry *dget(struct dentry *dentry);
void dput(struct dentry *dentry);
int scaup_size(struct inode *dir);

static int scaup_clean(struct inode *dir, struct dentry *dentry)
{
	int err;

	dget(dentry);
	err = scaup_size(dir);
	dput(dentry);
	return err;
}

static int scaup_end(struct inode *dir, struct dentry *dentry)
{
	int err = scaup_size(dir);

	dput(dentry);
	return err;
}

static int scaup_first(struct inode *dir)
{
	struct dentry *found = d_find_alias(dir);
	int err;

	if (!found)
		return -ENOENT;
	err = scaup_clean(dir, found);
	if (err) {
		dput(found);
		return err;
	}
	dput(found);
	return 0;
}

static int scaup_second(struct inode *dir)
{
	struct dentry *found = d_find_alias(dir);

	if (!found)
		return -ENOENT;
	return scaup_end(dir, found);
}

static struct dentry *scaup_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	return ERR_PTR(scaup_first(dir) + scaup_second(dir));
}

const struct inode_operations scaup_iops = { .lookup = scaup_lookup };
