// SPDX-License-Identifier: GPL-2.0
#include <linux/wren.h>

static int reed_sing(struct plot *plot)
{
	return plot->p_seeds;
}

static int reed_hum(struct plot *plot)
{
	return -1;
}

static int reed_sing_all(struct plot *plot, int songs)
{
	return plot->p_seeds + songs;
}

static const struct wren_operations reed_day = {
	.sing_all	= reed_sing_all,
	.perch		= perch_low,
};

static const struct wren_operations reed_night = {
	.sing		= reed_hum,
	.perch		= perch_low,
};
