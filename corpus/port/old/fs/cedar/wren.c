// SPDX-License-Identifier: GPL-2.0
#include <linux/wren.h>

static int cedar_sing(struct plot *plot)
{
	return plot->p_seeds;
}

static int cedar_sing_all(struct plot *plot, int songs)
{
	return plot->p_seeds + songs;
}

static const struct wren_operations cedar_wren_operations = {
	.sing		= cedar_sing,
	.sing_all	= cedar_sing_all,
	.perch		= perch_low,
};
