// SPDX-License-Identifier: GPL-2.0
#include <linux/tit.h>
#include <linux/feeder.h>

static int cedar_way(int hops)
{
	return hops + 1;
}

static int cedar_bring_all(struct feeder *feeder)
{
	return bring_seeds(feeder, cedar_way);
}

static const struct tit_operations cedar_tits = {
	.bring_all = cedar_bring_all,
	.crack = crack_seed,
};
