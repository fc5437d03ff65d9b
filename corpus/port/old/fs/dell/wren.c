// SPDX-License-Identifier: GPL-2.0
#include <linux/wren.h>

static int dell_dawn(struct plot *plot)
{
	return plot->p_seeds;
}

static const struct wren_operations dell_dawn_operations = {
	.sing		= dell_dawn,
	.perch		= perch_low,
};

static int dell_dusk(struct plot *plot)
{
	return plot->p_seeds;
}

static const struct wren_operations dell_dusk_operations = {
	.sing		= dell_dusk,
	.perch		= perch_low,
};
