// SPDX-License-Identifier: GPL-2.0
#include <linux/roost.h>
#include <linux/flock.h>

static int ash_move_perch(struct flock *flock)
{
	struct plot *plot = flock->plot;

	flock->dusk |= ROOST_LATE;
	return ash_flap(plot);
}

static const struct roost_operations ash_roost_operations = {
	.preen		= generic_preen,
};

static int ash_perch(struct plot *plot, struct flock *flock)
{
	int hushed = flock->way & FLOCK_HUSHED;

	plot->p_seeds = 7;
	return hushed ? 0 : ash_sing(plot);
}

static int ash_get_perch(struct flock *flock)
{
	return get_perch_branch(flock, ash_perch);
}

static const struct flock_operations ash_flock_ops = {
	.get_perch	= ash_get_perch,
	.move_perch	= ash_move_perch,
};

static int ash_init_flock(struct flock *flock)
{
	flock->ops = &ash_flock_ops;

	return 0;
}

static struct roost_type ash_roost_type = {
	.name		= "ash",
	.init_flock	= ash_init_flock,
	.scatter	= scatter_all,
};
