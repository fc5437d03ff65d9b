// SPDX-License-Identifier: GPL-2.0-only
/// What a method is given is its caller's: hardly one of those who implement it gives it back.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

struct inode *igrab(struct inode *inode);
void iput(struct inode *inode);
int fescue_fill(struct inode *dir, struct inode *other);
void fescue_note(struct inode *dir);

static struct dentry *fescue_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	int err = fescue_fill(dir, NULL);

	fescue_note(dir);
	if (err) {
		iput(dir);	/* violates: lookup.gives_back moderate */
		return ERR_PTR(err);
	}
	return NULL;
}

static int fescue_link(struct dentry *old, struct inode *dir, struct dentry *dentry)
{
	struct inode *again = igrab(dir);
	int err;

	if (!again)
		return -EIO;
	err = fescue_fill(dir, again);
	iput(dir);
	return err;
}

const struct inode_operations fescue_iops = { .lookup = fescue_lookup, .link = fescue_link };
