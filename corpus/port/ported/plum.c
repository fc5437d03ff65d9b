// SPDX-License-Identifier: GPL-2.0
#include <linux/owl.h>

static int plum_hoots(struct plot *plot)
{
	return plot->p_seeds;
}

static const struct owl_operations plum_day = {
	.turn		= turn_round,
};

static const struct owl_operations plum_dusk = {
	.hoot		= plum_hoots,
	.blink		= never_blinks,
};

static struct owl_operations plum_nights[] = {
	{ .hoot = plum_hoots, .turn = NULL },
};

int plum_sits(const struct owl_operations *owl)
{
	return owl->turn == NULL;
}
