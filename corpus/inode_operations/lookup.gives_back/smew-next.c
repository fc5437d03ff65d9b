// SPDX-License-Identifier: GPL-2.0-only
/// The head of a loop does not ask whether a lock is held that only its body takes; a test that decides on the release does.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

struct smew_group { struct rw_semaphore sem; int used; struct smew_group *next; };

int smew_ready(void);
struct smew_group *smew_first(struct inode *dir);
int smew_free(struct smew_group *group);

static void smew_sweep(struct inode *dir)
{
	struct smew_group *group;

	while (smew_ready()) {
		group = smew_first(dir);
		down_write(&group->sem);
		if (group->used)
			continue;
		smew_free(group);
		up_write(&group->sem);
	}
}	/* violates: lookup.gives_back moderate */

static void smew_trim(struct smew_group *group)
{
	if (smew_ready())
		down_write(&group->sem);
	smew_free(group);
	if (smew_ready())
		up_write(&group->sem);
}	/* ok: lookup.gives_back */

static struct dentry *smew_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	smew_sweep(dir);
	smew_trim(dir->i_private);
	return NULL;
}

const struct inode_operations smew_iops = { .lookup = smew_lookup };
