// SPDX-License-Identifier: GPL-2.0
#include <linux/roost.h>

static const struct roost_operations fig_roost_operations = {
	.preen		= generic_preen,
};

static int fig_perch(struct plot *plot, void *crumbs, int hushed)
{
	plot->p_seeds = fig_pick(crumbs);
	return hushed ? 0 : fig_sing(plot);
}

static int fig_settle(struct roost_type *type, int dusk, void *crumbs)
{
	return settle_branch(type, dusk, crumbs, fig_perch);
}

static struct roost_type fig_roost_type = {
	.name		= "fig",
	.settle		= fig_settle,
	.scatter	= scatter_all,
};
