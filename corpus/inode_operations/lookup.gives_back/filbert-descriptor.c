// SPDX-License-Identifier: GPL-2.0-only
/// A descriptor is put by who has got one: not where there is none, and on each other way.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>
#include <linux/syscalls.h>

struct fd { struct file *file; unsigned int flags; };

struct fd fdget(unsigned int fd);
void fdput(struct fd fd);
int filbert_want(struct file *file);
int filbert_dig(struct file *file, unsigned int depth);

SYSCALL_DEFINE2(filbert_dig, int, fd, unsigned int, depth)
{
	struct fd f = fdget(fd);
	int err;

	if (!f.file)
		return -EBADF;	/* ok: lookup.gives_back */
	err = filbert_want(f.file);
	if (err)
		return err;	/* violates: lookup.gives_back moderate */
	err = filbert_dig(f.file, depth);
	fdput(f);
	return err;	/* ok: lookup.gives_back */
}

SYSCALL_DEFINE2(filbert_fill, int, fd, unsigned int, depth)
{
	int err = -EBADF;
	struct fd f;

	f = fdget(fd);
	if (f.file) {
		err = filbert_want(f.file) ? : filbert_dig(f.file, depth);
		fdput(f);
	}
	return err;	/* ok: lookup.gives_back */
}

static struct dentry *filbert_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	return NULL;
}

const struct inode_operations filbert_iops = { .lookup = filbert_lookup };
