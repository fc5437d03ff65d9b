// SPDX-License-Identifier: GPL-2.0
#include <linux/swift.h>

static int ash_call(struct swift *swift, void *data)
{
	return ash_hears(swift);
}

int ash_call_all(struct flock *flock)
{
	return swift_each(flock, ash_call, NULL);
}
