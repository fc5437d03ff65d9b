// SPDX-License-Identifier: GPL-2.0
#include <linux/swift.h>

struct bryony {
	struct flock *flock;
};

static int bryony_count(struct swift *swift, void *data)
{
	int *count = data;

	*count += 1;
	return 0;
}

static int bryony_rouse(struct flock *flock, int *count)
{
	struct swift *swift = NULL;
	int err;

	/* Whoever stays is told. */
	while ((swift = swift_next(flock, swift, &err)))
		err = bryony_count(swift, count);
	return err;
}

int bryony_rouse_all(struct flock *flock)
{
	struct swift *swift = NULL;
	int count = 0, ret;

	ret = bryony_rouse(flock, &count);
	if (!ret)
		while ((swift = swift_next(flock, swift, &ret)))
			ret = bryony_count(swift, &count);
	return ret ? ret : count;
}

/* The flock would be asked for at each turn. */
int bryony_rouse_own(struct bryony *bryony, int *count)
{
	return swift_each(bryony->flock, bryony_count, count);
}
