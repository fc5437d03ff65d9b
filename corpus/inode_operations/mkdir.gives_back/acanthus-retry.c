// SPDX-License-Identifier: GPL-2.0-only
/// A path of the function's own is found once more where it was stale; who is not given it cannot have put it.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

int kern_path(const char *name, unsigned int flags, struct path *path);
void path_put(const struct path *path);
int acanthus_make(const char *name, struct path *path);

static void acanthus_drop(struct path *path)
{
	path_put(path);
}

static int acanthus_create(const char *name, unsigned int flags, struct path *made)
{
	int err = kern_path(name, flags, made);

	if (!err && flags > 9)
		acanthus_drop(made);
	return err;	/* ok: mkdir.gives_back */
}

static int acanthus_mkdir(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode)
{
	struct path old, made;
	unsigned int how = 0;
	int err;

retry:
	err = kern_path("bed", how, &old);
	if (err)
		return err;	/* violates: mkdir.gives_back */
	err = acanthus_create("row", 0, &made);
	if (err)
		goto out;
	err = acanthus_make("row", &made);
	path_put(&made);
	if (err == -EAGAIN && !how) {
		how = 1;
		goto retry;
	}
out:
	path_put(&old);
	return err;	/* ok: mkdir.gives_back */
}

const struct inode_operations acanthus_iops = { .mkdir = acanthus_mkdir };
