// SPDX-License-Identifier: GPL-2.0-only
/// Whether there is a descriptor is asked of its file, by another name too, and a helper may have put it where that is of no use.
// Kernel: 6.8
#include <linux/fs.h>
#include <linux/syscalls.h>

struct fd { struct file *file; unsigned int flags; };

struct fd fdget(unsigned int fd);
void fdput(struct fd fd);
int gean_dig(struct file *file);

static int gean_type(struct fd f, int *type)
{
	if (!f.file)
		return -EBADF;	/* ok: lookup.gives_back */
	if (!f.file->private_data) {
		fdput(f);
		return -EBADF;	/* ok: lookup.gives_back */
	}
	*type = 1;
	return 0;	/* ok: lookup.gives_back */
}

SYSCALL_DEFINE1(gean_dig, int, fd)
{
	struct fd f = fdget(fd);
	int type, err;

	err = gean_type(f, &type);
	if (err)
		return err;	/* ok: lookup.gives_back */
	err = gean_dig(f.file);
	fdput(f);
	return err;	/* ok: lookup.gives_back */
}

SYSCALL_DEFINE2(gean_dig_all, int, first, int, last)
{
	int no, err = 0;

	for (no = first; no < last; no++) {
		struct fd f = fdget(no);
		struct file *file = f.file;

		if (!file)
			continue;
		err = gean_dig(file);
		fdput(f);
	}
	return err;	/* ok: lookup.gives_back */
}

static struct dentry *gean_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	return NULL;
}

const struct inode_operations gean_iops = { .lookup = gean_lookup };
