// SPDX-License-Identifier: GPL-2.0
#include <linux/owl.h>

static int plum_hoots(struct plot *plot)
{
	return plot->p_seeds;
}

static const struct owl_operations plum_day = {
	.hoot		= never_hoots,
	.turn		= turn_round,
};

static const struct owl_operations plum_dusk = {
	.hoot		= plum_hoots,
	.blink		= never_blinks,
	.turn		= no_turn,
};

static struct owl_operations plum_nights[] = {
	{ .hoot = plum_hoots, .turn = no_turn },
};

int plum_sits(const struct owl_operations *owl)
{
	return owl->turn == no_turn;
}
