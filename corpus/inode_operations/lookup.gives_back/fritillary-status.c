// SPDX-License-Identifier: GPL-2.0-only
/// A status that is not zero tells of a failure as an error number does, be it by a choice.
// Kernel: 6.8
#include <linux/fs.h>

typedef unsigned int __be32;
#define nfs_ok 0
#define nfserr_io 5

struct dentry *lookup_one_len(const char *name, struct dentry *base, int len);
void dput(struct dentry *dentry);
__be32 nfserrno(int err);
__be32 fritillary_fill(struct dentry *base);
int fritillary_drop(struct dentry *base);

static __be32 fritillary_gone(struct dentry *base)
{
	struct dentry *dentry = lookup_one_len("old", base, 3);
	__be32 status = nfs_ok;
	int err = 0;

	if (IS_ERR(dentry))
		return nfserrno(-EIO);	/* ok: lookup.gives_back */
	status = fritillary_fill(base);
	if (status != nfs_ok)
		goto out;
	err = fritillary_drop(base);
	dput(dentry);
out:
	return status != nfs_ok ? status : nfserrno(err);	/* violates: lookup.gives_back */
}

static __be32 fritillary_kept(struct dentry *base)
{
	struct dentry *dentry = lookup_one_len("new", base, 3);

	if (IS_ERR(dentry))
		return nfserr_io;	/* ok: lookup.gives_back */
	if (fritillary_fill(base)) {
		dput(dentry);
		return nfserr_io;	/* ok: lookup.gives_back */
	}
	dput(dentry);
	return nfs_ok;	/* ok: lookup.gives_back */
}

static struct dentry *fritillary_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	__be32 status = fritillary_gone(dentry);

	return status || fritillary_kept(dentry) ? ERR_PTR(-EIO) : NULL;
}

const struct inode_operations fritillary_iops = { .lookup = fritillary_lookup };
