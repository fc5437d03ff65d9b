// SPDX-License-Identifier: GPL-2.0-only
/// A name that was set up for an encrypted directory is freed on every way, unless a helper hands its parts on.
// Kernel: 6.8
#include <linux/fs.h>

struct qstr;
struct fscrypt_str { unsigned char *name; int len; };
struct fscrypt_name { struct fscrypt_str disk_name, crypto_buf; };
struct teasel_name { unsigned char *raw; int len; };

int fscrypt_setup_filename(struct inode *dir, const struct qstr *name, int lookup, struct fscrypt_name *fname);
void fscrypt_free_filename(struct fscrypt_name *fname);
const struct qstr *teasel_qstr(struct dentry *dentry);
int teasel_grow(struct inode *dir, int len);

static void teasel_copied(struct teasel_name *to, const struct fscrypt_name *from)
{
	to->raw = from->crypto_buf.name;
	to->len = from->disk_name.len;
}

static int teasel_named(struct inode *dir, struct dentry *dentry, struct teasel_name *to)
{
	struct fscrypt_name name;
	int err = fscrypt_setup_filename(dir, teasel_qstr(dentry), 1, &name);

	if (err)
		return err;
	teasel_copied(to, &name);
	return 0;
}

static int teasel_find(struct inode *dir, struct dentry *dentry)
{
	struct teasel_name wanted;
	struct fscrypt_name name;
	int err = fscrypt_setup_filename(dir, teasel_qstr(dentry), 1, &name);

	if (err)
		return err;
	err = teasel_grow(dir, name.disk_name.len);
	if (err) {
		fscrypt_free_filename(&name);
		return err;
	}
	err = teasel_named(dir, dentry, &wanted);
	fscrypt_free_filename(&name);
	return err;
}

static struct dentry *teasel_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	return ERR_PTR(teasel_find(dir, dentry));
}

const struct inode_operations teasel_iops = { .lookup = teasel_lookup };
