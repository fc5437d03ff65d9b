// SPDX-License-Identifier: GPL-2.0
#include <linux/roost.h>

static int yew_resettle(struct plot *plot, int *dusk, char *crumbs)
{
	*dusk |= ROOST_LATE;
	return yew_flap(plot);
}

static const struct roost_operations yew_roost_operations = {
	.preen		= generic_preen,
	.resettle	= yew_resettle,
};

static int yew_perch(struct plot *plot, void *crumbs, int hushed)
{
	plot->p_seeds = yew_seeds(plot);
	return hushed ? 0 : yew_sing(plot);
}

static int yew_settle(struct roost_type *type, int dusk, void *crumbs)
{
	return settle_branch(type, dusk, crumbs, yew_perch);
}

static struct roost_type yew_roost_type = {
	.name		= "yew",
	.settle		= yew_settle,
	.scatter	= scatter_all,
};
