// SPDX-License-Identifier: GPL-2.0
#include <linux/tit.h>

static int cedar_way(int hops)
{
	return hops + 1;
}

static int cedar_bring(struct seed *seed, struct feeder *feeder)
{
	return bring_seed(seed, cedar_way, feeder);
}

static const struct tit_operations cedar_tits = {
	.bring = cedar_bring,
};
