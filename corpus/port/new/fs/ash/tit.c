// SPDX-License-Identifier: GPL-2.0
#include <linux/tit.h>
#include <linux/feeder.h>

static int ash_way(int hops)
{
	return hops + 1;
}

static int ash_bring_all(struct feeder *feeder)
{
	return bring_seeds(feeder, ash_way);
}

static const struct tit_operations ash_tits = {
	.bring_all = ash_bring_all,
	.crack = crack_seed,
};
