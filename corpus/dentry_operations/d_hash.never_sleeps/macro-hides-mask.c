// SPDX-License-Identifier: GPL-2.0-only
/// The buffer for a name that is not plain comes from a macro, which does not show that it waits for memory.
// Kernel: 6.12
// Fixable: no
// Source: shape of the code before 589996bf8c45 ("ntfs3: Change to non-blocking allocation in ntfs_d_hash")
#include <linux/fs.h>

static int saffron_d_hash(const struct dentry *dentry, struct qstr *name)
{
	unsigned int hash = 0;
	unsigned int at;
	char *folded;
	int err = 0;

	for (at = 0; at < name->len; at++) {
		if (name->name[at] & 0x80)
			break;
		hash = hash * 31 + name->name[at];
	}
	if (at == name->len) {
		name->hash = hash;
		return 0;
	}

	folded = __getname();	/* violates: d_hash.never_sleeps */
	if (!folded)
		return -ENOMEM;
	if (!dentry->d_sb) {
		err = -EINVAL;
		goto out;
	}
	memcpy(folded, name->name, name->len);
	name->hash = folded[0];
out:
	__putname(folded);
	return err;
}

const struct dentry_operations saffron_dentry_ops = {
	.d_hash = saffron_d_hash,
};
