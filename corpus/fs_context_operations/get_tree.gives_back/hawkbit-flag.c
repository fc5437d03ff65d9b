// SPDX-License-Identifier: GPL-2.0-only
/// One exit asks a flag whether the lock is there, and gives a second thing back that on the way to the other is an error.
// Kernel: 6.8
#include <linux/fs.h>
#include <linux/locking.h>

struct hawkbit { struct mutex lock; int slow, full; };

struct file *filp_open(const char *name, int flags, int mode);
void fput(struct file *file);
int hawkbit_for(struct fs_context *fc, struct file *file);

static int hawkbit_get_tree(struct fs_context *fc)
{
	struct hawkbit *own = fc->fs_private;
	struct file *file;
	int locked = 0, err;

	if (own->slow) {
		mutex_lock(&own->lock);
		locked = 1;
	}
	file = filp_open("/hawkbit", 0, 0);
	if (IS_ERR(file)) {
		if (!locked)
			return -ENOENT;	/* ok: get_tree.gives_back */
		return -ENOMEM;	/* violates: get_tree.gives_back */
	}
	err = hawkbit_for(fc, file);
	if (err)
		goto out;
	err = own->full ? -ENOSPC : 0;
out:
	if (!IS_ERR(file))
		fput(file);
	if (locked)
		mutex_unlock(&own->lock);
	return err;	/* ok: get_tree.gives_back */
}

const struct fs_context_operations hawkbit_context_ops = {
	.get_tree = hawkbit_get_tree,
};
