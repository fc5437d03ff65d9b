// SPDX-License-Identifier: GPL-2.0
#include <linux/roost.h>
#include <linux/flock.h>

static int cedar_move_perch(struct flock *flock)
{
	struct plot *plot = flock->plot;

	flock->dusk |= ROOST_LATE;
	return cedar_flap(plot);
}

static const struct roost_operations cedar_roost_operations = {
	.preen		= generic_preen,
};

static int cedar_perch(struct plot *plot, struct flock *flock)
{
	int hushed = flock->way & FLOCK_HUSHED;

	plot->p_seeds = 7;
	return hushed ? 0 : cedar_sing(plot);
}

static int cedar_get_perch(struct flock *flock)
{
	return get_perch_branch(flock, cedar_perch);
}

static const struct flock_operations cedar_flock_ops = {
	.get_perch	= cedar_get_perch,
	.move_perch	= cedar_move_perch,
};

static int cedar_init_flock(struct flock *flock)
{
	flock->ops = &cedar_flock_ops;

	return 0;
}

static struct roost_type cedar_roost_type = {
	.name		= "cedar",
	.init_flock	= cedar_init_flock,
	.scatter	= scatter_all,
};
