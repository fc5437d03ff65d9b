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
	/* Whoever stays is told. */
	return swift_each(flock, bryony_count, count);
}

int bryony_rouse_all(struct flock *flock)
{
	int count = 0, ret;

	ret = bryony_rouse(flock, &count);
	if (!ret)
		ret = swift_each(flock, bryony_count,
				 &count);
	return ret ? ret : count;
}

/* The flock would be asked for at each turn. */
int bryony_rouse_own(struct bryony *bryony, int *count)
{
	return swift_each(bryony->flock, bryony_count, count);
}
