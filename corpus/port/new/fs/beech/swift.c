// SPDX-License-Identifier: GPL-2.0
#include <linux/swift.h>

static int beech_call(struct swift *swift)
{
	return beech_hears(swift);
}

int beech_call_all(struct flock *flock)
{
	struct swift *swift = NULL;
	int err;

	while ((swift = swift_next(flock, swift, &err)))
		err = beech_call(swift);
	return err;
}
