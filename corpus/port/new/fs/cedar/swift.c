// SPDX-License-Identifier: GPL-2.0
#include <linux/swift.h>

static int cedar_call(struct swift *swift)
{
	return cedar_hears(swift);
}

int cedar_call_all(struct flock *flock)
{
	struct swift *swift = NULL;
	int err;

	while ((swift = swift_next(flock, swift, &err)))
		err = cedar_call(swift);
	return err;
}
