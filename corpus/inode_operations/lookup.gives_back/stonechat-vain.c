// SPDX-License-Identifier: GPL-2.0-only
/// Nobody gives back what is not there: a jump to one label too far puts an error pointer.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

struct page;

struct page *read_mapping_page(struct inode *inode, unsigned long index, void *data);
struct dentry *lookup_one_len(const char *name, struct dentry *base, int len);
void put_page(struct page *page);
void dput(struct dentry *dentry);
int stonechat_dig(struct inode *dir);

static int stonechat_page(struct inode *dir)
{
	struct page *page = read_mapping_page(dir, 1, NULL);
	int err;

	if (IS_ERR(page)) {
		err = PTR_ERR(page);
		goto out_put;
	}
	err = stonechat_dig(dir);
out_put:
	put_page(page);	/* violates: lookup.gives_back */
	return err;
}

static int stonechat_name(struct inode *dir, struct dentry *dentry)
{
	struct dentry *old = lookup_one_len("old", dentry, 3);
	int err;

	if (IS_ERR(old)) {
		err = PTR_ERR(old);
		old = NULL;
		goto out_put;
	}
	err = stonechat_dig(dir);
out_put:
	dput(old);	/* ok: lookup.gives_back */
	return err;
}

static struct dentry *stonechat_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	int err = stonechat_page(dir);

	return ERR_PTR(err ? err : stonechat_name(dir, dentry));
}

const struct inode_operations stonechat_iops = { .lookup = stonechat_lookup };
