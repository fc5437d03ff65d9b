// SPDX-License-Identifier: GPL-2.0
#include <linux/wren.h>

static int ash_sing(struct plot *plot)
{
	return plot->p_seeds;
}

static int ash_sing_all(struct plot *plot, int songs)
{
	return plot->p_seeds + songs;
}

static const struct wren_operations ash_wren_operations = {
	.sing		= ash_sing,
	.sing_all	= ash_sing_all,
	.perch		= perch_low,
};
