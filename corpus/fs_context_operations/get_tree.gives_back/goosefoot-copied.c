// SPDX-License-Identifier: GPL-2.0-only
/// A structure that a callee has put a file into is copied by a call that is given all of it: the copy has the file.
// Kernel: 6.8
#include <linux/fs.h>
#include <linux/locking.h>

struct goosefoot { struct file *file; int mode; };
struct goosefoots { struct goosefoot every[4]; int count; };

struct file *filp_open(const char *name, int flags, int mode);
void fput(struct file *file);
int goosefoot_push(struct goosefoots *all, struct goosefoot one);
int goosefoot_for(struct fs_context *fc, struct goosefoots *all);
int goosefoot_looks(struct goosefoot *one);

static int goosefoot_open(struct goosefoot *one)
{
	struct file *file = filp_open("/goosefoot", 0, 0);

	if (IS_ERR(file))
		return PTR_ERR(file);
	one->file = file;
	return 0;
}

static int goosefoot_get_tree(struct fs_context *fc)
{
	struct goosefoots *all = fc->fs_private;
	struct goosefoot one = { NULL };
	int err;

	err = goosefoot_open(&one);
	if (err)
		return err;	/* ok: get_tree.gives_back */
	goosefoot_push(all, one);
	err = goosefoot_for(fc, all);
	if (err)
		return err;	/* ok: get_tree.gives_back */
	return 0;
}

static int orache_get_tree(struct fs_context *fc)
{
	struct goosefoot one = { NULL };
	int err = goosefoot_open(&one);

	if (!err) {
		err = goosefoot_looks(&one);
		fput(one.file);
	}
	return err;	/* ok: get_tree.gives_back */
}

const struct fs_context_operations goosefoot_context_ops = { .get_tree = goosefoot_get_tree };
const struct fs_context_operations orache_context_ops = { .get_tree = orache_get_tree };
