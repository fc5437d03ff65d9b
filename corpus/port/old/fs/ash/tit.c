// SPDX-License-Identifier: GPL-2.0
#include <linux/tit.h>

static int ash_way(int hops)
{
	return hops + 1;
}

static int ash_bring(struct seed *seed, struct feeder *feeder)
{
	return bring_seed(seed, ash_way, feeder);
}

static const struct tit_operations ash_tits = {
	.bring = ash_bring,
};
