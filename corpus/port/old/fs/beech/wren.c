// SPDX-License-Identifier: GPL-2.0
#include <linux/wren.h>

static int beech_sing(struct plot *plot)
{
	return plot->p_seeds;
}

static int beech_sing_all(struct plot *plot, int songs)
{
	return plot->p_seeds + songs;
}

static const struct wren_operations beech_wren_operations = {
	.sing		= beech_sing,
	.sing_all	= beech_sing_all,
	.perch		= perch_low,
};
