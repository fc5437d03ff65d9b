// SPDX-License-Identifier: GPL-2.0-only
/// Whom a task was before it took the credentials of another one it is again, whatever came of that.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

struct cred *prepare_creds(void);
void put_cred(const struct cred *cred);
const struct cred *override_creds(const struct cred *cred);
void revert_creds(const struct cred *cred);
int sainfoin_dress(struct inode *dir);
int sainfoin_ask(struct inode *dir);

static int sainfoin_as_other(struct inode *dir)
{
	const struct cred *old;
	struct cred *cred = prepare_creds();
	int err;

	if (!cred)
		return -ENOMEM;
	err = sainfoin_dress(dir);
	if (err) {
		put_cred(cred);
		return err;	/* ok: lookup.gives_back */
	}
	old = override_creds(cred);
	put_cred(cred);
	err = sainfoin_ask(dir);
	if (err)
		return err;	/* violates: lookup.gives_back */
	revert_creds(old);
	return 0;	/* ok: lookup.gives_back */
}

static struct dentry *sainfoin_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	return ERR_PTR(sainfoin_as_other(dir));
}

const struct inode_operations sainfoin_iops = { .lookup = sainfoin_lookup };
