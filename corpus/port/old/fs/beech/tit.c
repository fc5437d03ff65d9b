// SPDX-License-Identifier: GPL-2.0
#include <linux/tit.h>

static int beech_way(int hops)
{
	return hops + 1;
}

static int beech_bring(struct seed *seed, struct feeder *feeder)
{
	return bring_seed(seed, beech_way, feeder);
}

static const struct tit_operations beech_tits = {
	.bring = beech_bring,
};
