// SPDX-License-Identifier: GPL-2.0-only
/// All others who look one up give it back; who does so nowhere, and tells nobody of it, has forgotten that.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>
#include <linux/refcount.h>

struct zedoary_root { refcount_t users; int depth; };

void kfree(const void *pointer);
struct zedoary_root *zedoary_get(struct inode *inode);
int zedoary_dig(struct zedoary_root *root);

static void zedoary_put(struct zedoary_root *root)
{
	if (refcount_dec_and_test(&root->users))
		kfree(root);
}

static int zedoary_first(struct inode *dir)
{
	struct zedoary_root *root = zedoary_get(dir);
	int err = zedoary_dig(root);

	zedoary_put(root);
	return err;	/* ok: mkdir.gives_back */
}

static int zedoary_second(struct inode *dir)
{
	struct zedoary_root *root = zedoary_get(dir);
	int err = zedoary_dig(root) ? : zedoary_first(dir);

	zedoary_put(root);
	return err;	/* ok: mkdir.gives_back */
}

static int zedoary_third(struct inode *dir)
{
	struct zedoary_root *root = zedoary_get(dir);
	int err = zedoary_dig(root) ? : zedoary_second(dir);

	zedoary_put(root);
	return err;	/* ok: mkdir.gives_back */
}

static int zedoary_mkdir(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode)
{
	struct zedoary_root *root = zedoary_get(dir);

	if (zedoary_third(dir))
		return -EIO;	/* violates: mkdir.gives_back moderate */
	return root->depth ? 0 : 1;
}

const struct inode_operations zedoary_iops = { .mkdir = zedoary_mkdir };
