// SPDX-License-Identifier: GPL-2.0
#include <linux/roost.h>

static int beech_resettle(struct plot *plot, int *dusk, char *crumbs)
{
	*dusk |= ROOST_LATE;
	return beech_flap(plot);
}

static const struct roost_operations beech_roost_operations = {
	.preen		= generic_preen,
	.resettle	= beech_resettle,
};

static int beech_perch(struct plot *plot, void *crumbs, int hushed)
{
	plot->p_seeds = 7;
	return hushed ? 0 : beech_sing(plot);
}

static int beech_settle(struct roost_type *type, int dusk, void *crumbs)
{
	return settle_branch(type, dusk, crumbs, beech_perch);
}

static struct roost_type beech_roost_type = {
	.name		= "beech",
	.settle		= beech_settle,
	.scatter	= scatter_all,
};
