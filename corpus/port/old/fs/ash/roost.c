// SPDX-License-Identifier: GPL-2.0
#include <linux/roost.h>

static int ash_resettle(struct plot *plot, int *dusk, char *crumbs)
{
	*dusk |= ROOST_LATE;
	return ash_flap(plot);
}

static const struct roost_operations ash_roost_operations = {
	.preen		= generic_preen,
	.resettle	= ash_resettle,
};

static int ash_perch(struct plot *plot, void *crumbs, int hushed)
{
	plot->p_seeds = 7;
	return hushed ? 0 : ash_sing(plot);
}

static int ash_settle(struct roost_type *type, int dusk, void *crumbs)
{
	return settle_branch(type, dusk, crumbs, ash_perch);
}

static struct roost_type ash_roost_type = {
	.name		= "ash",
	.settle		= ash_settle,
	.scatter	= scatter_all,
};
