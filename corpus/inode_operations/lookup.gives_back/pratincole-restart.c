// SPDX-License-Identifier: GPL-2.0-only
/// A search begins anew with its lock in hand; where a test asks whether there is one, it is not taken twice.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

struct pratincole_call { struct pratincole_call *next; int number; };
struct pratincole_line { spinlock_t lock; struct pratincole_call *first; int number; int shared; };

static int pratincole_number(struct pratincole_line *line)
{
	struct pratincole_call *one;

again:
	spin_lock(&line->lock);	/* violates: lookup.gives_back moderate */
	for (one = line->first; one; one = one->next) {
		if (one->number == line->number) {
			line->number++;
			goto again;
		}
	}
	spin_unlock(&line->lock);
	return line->number;
}

static int pratincole_share(struct pratincole_line *line, int locked)
{
	if (!locked)
		spin_lock(&line->lock);
	line->shared++;
	if (line->shared > 8)
		locked = 1;
	if (!locked)
		spin_lock(&line->lock);	/* ok: lookup.gives_back */
	spin_unlock(&line->lock);
	return 0;
}

static struct dentry *pratincole_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	return ERR_PTR(pratincole_number(dir->i_private) + pratincole_share(dentry->d_fsdata, flags));
}

const struct inode_operations pratincole_iops = { .lookup = pratincole_lookup };
