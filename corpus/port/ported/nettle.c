// SPDX-License-Identifier: GPL-2.0
#include <linux/meadow.h>

struct nettle_rake {
	int (*reap)(struct plot *plot);
	int (*weed)(struct plot *plot, int depth, bool deep);
};

struct nettle_bed {
	int rows;
	struct meadow_operations ops;
	struct nettle_rake rake;
};

static int nettle_weed(struct plot *plot, int depth)
{
	return depth;
}

static int nettle_weed_twice(struct plot *plot, int depth)
{
	return 2 * depth;
}

static int nettle_reap(struct plot *plot)
{
	return 3;
}

static int nettle_rake_weed(struct plot *plot, int depth, bool deep)
{
	return deep;
}

const struct nettle_bed nettle_beds[] = {
	{
		.rows = 1,
		.ops = {
			.reap_plot = nettle_reap,
			.weed = nettle_weed,
		},
		.rake = {
			.reap = nettle_reap,
			.weed = nettle_rake_weed,
		},
	},
	{
		.rows = 2,
		.ops.weed = nettle_weed_twice,
		.ops.reap_plot = nettle_reap,
	},
};
