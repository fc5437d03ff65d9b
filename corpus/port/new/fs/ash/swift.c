// SPDX-License-Identifier: GPL-2.0
#include <linux/swift.h>

static int ash_call(struct swift *swift)
{
	return ash_hears(swift);
}

int ash_call_all(struct flock *flock)
{
	struct swift *swift = NULL;
	int err;

	while ((swift = swift_next(flock, swift, &err)))
		err = ash_call(swift);
	return err;
}
