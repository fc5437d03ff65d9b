// SPDX-License-Identifier: GPL-2.0-only
/// Credentials that were prepared are put where the function fails.
// Kernel: 6.8
#include <linux/fs.h>

struct cred *prepare_creds(void);
void put_cred(const struct cred *cred);
const struct cred *override_creds(const struct cred *cred);
void revert_creds(const struct cred *cred);
int samphire_dress(struct inode *dir);
int samphire_ask(struct inode *dir);

static int samphire_as_other(struct inode *dir)
{
	const struct cred *old;
	struct cred *cred = prepare_creds();
	int err;

	if (!cred)
		return -ENOMEM;
	err = samphire_dress(dir);
	if (err) {
		put_cred(cred);
		return err;
	}
	old = override_creds(cred);
	put_cred(cred);
	err = samphire_ask(dir);
	revert_creds(old);
	return err;
}

static struct dentry *samphire_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	return ERR_PTR(samphire_as_other(dir));
}

const struct inode_operations samphire_iops = { .lookup = samphire_lookup };
