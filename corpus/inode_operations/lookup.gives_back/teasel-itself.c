// SPDX-License-Identifier: GPL-2.0-only
/// What a call fills in that is given the address of a structure is ended by its address: a way past that leaks.
// Kernel: 6.8
#include <linux/fs.h>

struct walk { void *map; int at; };

int walk_first(struct inode *dir, int at, struct walk *walk)
{
	walk->at = at;
	walk->map = dir->i_private;
	return walk->map ? 0 : -EIO;
}
void walk_release(struct walk *walk) { walk->map = NULL; }
int walk_step(struct walk *walk) { return walk->at++; }

static int walk_one(struct inode *dir)
{
	struct walk walk;
	int err = walk_first(dir, 1, &walk);

	if (!err) {
		err = walk_step(&walk);
		walk_release(&walk);
	}
	return err;	/* ok: lookup.gives_back */
}
static int walk_two(struct inode *dir)
{
	struct walk walk;
	int err = walk_first(dir, 2, &walk);

	if (!err)
		walk_release(&walk);
	return err;
}
static int walk_three(struct inode *dir)
{
	struct walk walk;
	int err = walk_first(dir, 3, &walk);

	if (!err)
		walk_release(&walk);
	return err;
}
static struct dentry *walk_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct walk walk;

	if (walk_one(dir) || walk_two(dir) || walk_three(dir) || walk_first(dir, 0, &walk))
		return NULL;	/* ok: lookup.gives_back */
	if (walk_step(&walk))
		return ERR_PTR(-EIO);	/* violates: lookup.gives_back */
	walk_release(&walk);
	return NULL;
}
const struct inode_operations walk_iops = { .lookup = walk_lookup };
