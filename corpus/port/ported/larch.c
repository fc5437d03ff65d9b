// SPDX-License-Identifier: GPL-2.0
#include <linux/tit.h>
#include <linux/feeder.h>

static int larch_way(int hops)
{
	return hops + 2;
}

static int larch_bring_all(struct feeder *feeder)
{
	return bring_seeds(feeder, larch_way);
}

static int larch_carry_bring(struct seed *seed, struct feeder *feeder)
{
	larch_way(1);
	return bring_seed(seed, larch_way, feeder);
}

static const struct tit_operations larch_tits = {
	.bring_all = larch_bring_all,
	.crack = crack_seed,
};

static const struct tit_operations larch_other_tits = {
	.bring = larch_carry_bring,
};
