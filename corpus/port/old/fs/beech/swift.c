// SPDX-License-Identifier: GPL-2.0
#include <linux/swift.h>

static int beech_call(struct swift *swift, void *data)
{
	return beech_hears(swift);
}

int beech_call_all(struct flock *flock)
{
	return swift_each(flock, beech_call, NULL);
}
