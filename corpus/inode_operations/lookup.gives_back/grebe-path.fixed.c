// SPDX-License-Identifier: GPL-2.0-only
/// A lookup puts a path into its last argument; who fails behind it gives it back, but not what its copy refers to.
// Kernel: 6.8
#include <linux/fs.h>

int kern_path(const char *name, unsigned int flags, struct path *path);
void path_put(const struct path *path);

struct grebe { struct path home; int number; };

static int grebe_find(struct grebe *own, const char *name)
{
	struct path path;
	int err = kern_path(name, 0, &path);

	if (err)
		return err;
	if (own->number > 5) {
		path_put(&path);
		return -EIO;
	}
	own->number++;
	path_put(&path);
	return 0;
}

static int grebe_move(struct grebe *own, const char *name)
{
	struct path path;
	int err = kern_path(name, 0, &path);

	if (err)
		return err;
	own->home = path;
	if (own->number > 7)
		return -EIO;
	path_put(&path);
	return 0;
}

static struct dentry *grebe_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	return ERR_PTR(grebe_find(dir->i_private, "a") + grebe_move(dir->i_private, "b"));
}

const struct inode_operations grebe_iops = { .lookup = grebe_lookup };
