// SPDX-License-Identifier: GPL-2.0
#include <linux/roost.h>

static int cedar_resettle(struct plot *plot, int *dusk, char *crumbs)
{
	*dusk |= ROOST_LATE;
	return cedar_flap(plot);
}

static const struct roost_operations cedar_roost_operations = {
	.preen		= generic_preen,
	.resettle	= cedar_resettle,
};

static int cedar_perch(struct plot *plot, void *crumbs, int hushed)
{
	plot->p_seeds = 7;
	return hushed ? 0 : cedar_sing(plot);
}

static int cedar_settle(struct roost_type *type, int dusk, void *crumbs)
{
	return settle_branch(type, dusk, crumbs, cedar_perch);
}

static struct roost_type cedar_roost_type = {
	.name		= "cedar",
	.settle		= cedar_settle,
	.scatter	= scatter_all,
};
