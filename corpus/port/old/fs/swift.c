// SPDX-License-Identifier: GPL-2.0
#include <linux/swift.h>

/* Calls a function for each swift of a flock. */
int swift_each(struct flock *flock, swift_fn fn, void *data)
{
	struct swift *swift = NULL;
	int err;

	while ((swift = swift_next(flock, swift, &err))) {
		err = fn(swift, data);
		if (err == SWIFT_STAYS) {
			swift_leave(swift);
			err = 0;
		}
	}

	return err;
}
