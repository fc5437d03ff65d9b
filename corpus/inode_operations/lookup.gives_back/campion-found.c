// SPDX-License-Identifier: GPL-2.0-only
/// What a helper hands back tells whether it has a lock that is one for all: an error pointer comes without.
// Kernel: 6.8
#include <linux/fs.h>
#include <linux/rwsem.h>

struct campion_entry { int number; };

static struct rw_semaphore campion_sem;

struct campion_entry *campion_search(struct inode *dir);
int campion_use(struct campion_entry *entry);

static struct campion_entry *campion_find(struct inode *dir, int fresh)
{
	struct campion_entry *entry;

	down_read(&campion_sem);
	entry = campion_search(dir);
	if (!IS_ERR(entry) && !fresh)
		return entry;	/* ok: lookup.gives_back */
	up_read(&campion_sem);
	return ERR_PTR(-EAGAIN);	/* ok: lookup.gives_back */
}

static int campion_count(struct inode *dir)
{
	struct campion_entry *entry = campion_find(dir, 0);
	int err;

	if (IS_ERR(entry))
		return PTR_ERR(entry);	/* ok: lookup.gives_back */
	err = campion_use(entry);
	up_read(&campion_sem);
	return err;	/* ok: lookup.gives_back */
}

static struct dentry *campion_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct campion_entry *entry = campion_find(dir, 1);

	if (IS_ERR(entry))
		return ERR_PTR(campion_count(dir));	/* ok: lookup.gives_back */
	if (campion_use(entry))
		return ERR_PTR(-EIO);	/* violates: lookup.gives_back */
	up_read(&campion_sem);
	return NULL;	/* ok: lookup.gives_back */
}

const struct inode_operations campion_iops = { .lookup = campion_lookup };
