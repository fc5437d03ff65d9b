// SPDX-License-Identifier: GPL-2.0-only
/// What is assigned to a member of that name in another structure is no method of an inode: who calls it holds the lock.
// Kernel: 6.8
#include <linux/fs.h>

#define lockdep_assert_held(lock) ((void)(lock))

struct catmint_device {
	struct mutex table_lock;
	int (*getattr)(struct catmint_device *device);
	unsigned long blocks;
};

static void catmint_note(struct catmint_device *device)
{
	lockdep_assert_held(&device->table_lock);
	device->blocks++;
}

static int catmint_getattr(struct catmint_device *device)
{
	catmint_note(device);	/* ok: getattr.must_not_call */
	return 0;
}

void catmint_probe(struct catmint_device *device)
{
	device->getattr = catmint_getattr;
}
