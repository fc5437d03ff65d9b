// SPDX-License-Identifier: GPL-2.0
#include <linux/swift.h>

static int cedar_call(struct swift *swift, void *data)
{
	return cedar_hears(swift);
}

int cedar_call_all(struct flock *flock)
{
	return swift_each(flock, cedar_call, NULL);
}
