// SPDX-License-Identifier: GPL-2.0
#include <linux/tit.h>

static int larch_way(int hops)
{
	return hops + 2;
}

static int larch_bring(struct seed *seed, struct feeder *feeder)
{
	return bring_seed(seed, larch_way, feeder);
}

static int larch_carry_bring(struct seed *seed, struct feeder *feeder)
{
	larch_way(1);
	return bring_seed(seed, larch_way, feeder);
}

static const struct tit_operations larch_tits = {
	.bring = larch_bring,
};

static const struct tit_operations larch_other_tits = {
	.bring = larch_carry_bring,
};
