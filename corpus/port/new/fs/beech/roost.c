// SPDX-License-Identifier: GPL-2.0
#include <linux/roost.h>
#include <linux/flock.h>

static int beech_move_perch(struct flock *flock)
{
	struct plot *plot = flock->plot;

	flock->dusk |= ROOST_LATE;
	return beech_flap(plot);
}

static const struct roost_operations beech_roost_operations = {
	.preen		= generic_preen,
};

static int beech_perch(struct plot *plot, struct flock *flock)
{
	int hushed = flock->way & FLOCK_HUSHED;

	plot->p_seeds = 7;
	return hushed ? 0 : beech_sing(plot);
}

static int beech_get_perch(struct flock *flock)
{
	return get_perch_branch(flock, beech_perch);
}

static const struct flock_operations beech_flock_ops = {
	.get_perch	= beech_get_perch,
	.move_perch	= beech_move_perch,
};

static int beech_init_flock(struct flock *flock)
{
	flock->ops = &beech_flock_ops;

	return 0;
}

static struct roost_type beech_roost_type = {
	.name		= "beech",
	.init_flock	= beech_init_flock,
	.scatter	= scatter_all,
};
