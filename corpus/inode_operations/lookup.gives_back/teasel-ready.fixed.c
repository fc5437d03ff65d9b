// SPDX-License-Identifier: GPL-2.0-only
/// What makes a structure ready cannot fail, and takes what its end gives back: each way out has to end it.
// Kernel: 6.8
#include <linux/fs.h>

struct teasel_iter { struct inode *inode; int at; };

struct inode *igrab(struct inode *inode);
int teasel_step(struct teasel_iter *iter);

static void teasel_iter_init(struct inode *dir, struct teasel_iter *iter)
{
	iter->inode = igrab(dir);
	iter->at = 0;
}
static void teasel_iter_exit(struct teasel_iter *iter)
{
	iput(iter->inode);
}
static int teasel_one(struct inode *dir)
{
	struct teasel_iter iter;
	int err;

	teasel_iter_init(dir, &iter);
	err = teasel_step(&iter);
	teasel_iter_exit(&iter);
	return err;
}
static int teasel_two(struct inode *dir)
{
	struct teasel_iter iter;

	teasel_iter_init(dir, &iter);
	teasel_iter_exit(&iter);
	return 0;
}
static int teasel_three(struct inode *dir) { struct teasel_iter i; teasel_iter_init(dir, &i); teasel_iter_exit(&i); return 0; }
static int teasel_four(struct inode *dir) { struct teasel_iter i; teasel_iter_init(dir, &i); teasel_iter_exit(&i); return 0; }
static struct dentry *teasel_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct teasel_iter iter;

	teasel_iter_init(dir, &iter);
	if (teasel_step(&iter)) {
		teasel_iter_exit(&iter);
		return ERR_PTR(-EIO);
	}
	teasel_iter_exit(&iter);
	return ERR_PTR(teasel_one(dir) ?: teasel_two(dir) ?: teasel_three(dir) ?: teasel_four(dir));
}
const struct inode_operations teasel_iops = { .lookup = teasel_lookup };
