// SPDX-License-Identifier: GPL-2.0
#include <linux/tit.h>
#include <linux/feeder.h>

static int beech_way(int hops)
{
	return hops + 1;
}

static int beech_bring_all(struct feeder *feeder)
{
	return bring_seeds(feeder, beech_way);
}

static const struct tit_operations beech_tits = {
	.bring_all = beech_bring_all,
	.crack = crack_seed,
};
