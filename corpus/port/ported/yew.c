// SPDX-License-Identifier: GPL-2.0
#include <linux/roost.h>
#include <linux/flock.h>

static int yew_move_perch(struct flock *flock)
{
	struct plot *plot = flock->plot;

	flock->dusk |= ROOST_LATE;
	return yew_flap(plot);
}

static const struct roost_operations yew_roost_operations = {
	.preen		= generic_preen,
};

static int yew_perch(struct plot *plot, struct flock *flock)
{
	int hushed = flock->way & FLOCK_HUSHED;

	plot->p_seeds = yew_seeds(plot);
	return hushed ? 0 : yew_sing(plot);
}

static int yew_get_perch(struct flock *flock)
{
	return get_perch_branch(flock, yew_perch);
}

static const struct flock_operations yew_flock_ops = {
	.get_perch	= yew_get_perch,
	.move_perch	= yew_move_perch,
};

static int yew_init_flock(struct flock *flock)
{
	flock->ops = &yew_flock_ops;

	return 0;
}

static struct roost_type yew_roost_type = {
	.name		= "yew",
	.init_flock	= yew_init_flock,
	.scatter	= scatter_all,
};
