// SPDX-License-Identifier: GPL-2.0-only
/// What functions of a file system begin and end by a pair of calls is ended where one fails, but by what ends more than that.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

struct plover { int number, open; };

static int plover_begin(struct plover *own)
{
	if (own->open > 7)
		return -ENOSPC;
	own->open++;
	return 0;
}

static void plover_end(struct plover *own) { own->open--; }

static void plover_stop_all(struct plover *own) { own->open = 0; }

static int plover_first(struct plover *own, int number)
{
	int err = plover_begin(own);

	if (err)
		return err;	/* ok: lookup.gives_back */
	if (number < own->number) {
		plover_stop_all(own);
		return -EIO;	/* ok: lookup.gives_back */
	}
	plover_end(own);
	return 0;
}

static int plover_second(struct plover *own) { int err = plover_begin(own); plover_end(own); return err; }

static int plover_third(struct plover *own) { int err = plover_begin(own); plover_end(own); return -err; }

static struct dentry *plover_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct plover *own = dir->i_private;
	int err = plover_begin(own);

	if (err)
		return ERR_PTR(err);	/* ok: lookup.gives_back */
	if (own->number > 5)
		return ERR_PTR(-ENOENT);	/* violates: lookup.gives_back moderate */
	plover_end(own);
	return ERR_PTR(plover_first(own, 1) + plover_second(own) + plover_third(own));	/* ok: lookup.gives_back */
}

const struct inode_operations plover_iops = { .lookup = plover_lookup };
