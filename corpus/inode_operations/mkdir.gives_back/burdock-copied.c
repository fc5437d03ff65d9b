// SPDX-License-Identifier: GPL-2.0-only
/// A helper that is given a structure copies all of it, and with it the reference: that is no longer the caller's to drop.
// Kernel: 6.8
// Fixable: no
// Source: the shape of policy_get_link() of 6.12
#include <linux/fs.h>

struct burdock_place { struct dentry *above; int depth; };
struct burdock_walk { struct burdock_place at; };

struct dentry *dget_parent(struct dentry *dentry);
void dput(struct dentry *dentry);
int burdock_full(struct inode *dir);

static int burdock_jump(struct burdock_walk *walk, const struct burdock_place *place)
{
	if (walk->at.depth) {
		dput(place->above);
		return -EINVAL;
	}
	walk->at = *place;
	return 0;
}

static int burdock_look(struct burdock_walk *walk, const struct burdock_place *place)
{
	if (walk->at.depth)
		return -EINVAL;
	walk->at.depth = place->depth;
	return 0;
}

static int burdock_mkdir(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode)
{
	struct burdock_place place = { .depth = 1 };
	int err;

	place.above = dget_parent(dentry);
	if (mode) {
		err = burdock_look(dir->i_private, &place);
		if (err)
			return err;	/* violates: mkdir.gives_back moderate */
	}
	err = burdock_jump(dir->i_private, &place);
	if (err)
		return err;	/* ok: mkdir.gives_back */
	if (burdock_full(dir))
		return -ENOSPC;	/* ok: mkdir.gives_back */
	return 0;
}

const struct inode_operations burdock_iops = {
	.mkdir = burdock_mkdir,
};
