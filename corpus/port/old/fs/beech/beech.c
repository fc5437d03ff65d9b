// SPDX-License-Identifier: GPL-2.0
#include <linux/meadow.h>
#include <linux/spade.h>

static int beech_sow(struct owner *owner, struct plot *plot, int seeds)
{
	if (!plot_may_sow(&init_owner, plot))
		return -1;
	plot->p_time = meadow_time(plot);
	return beech_put(owner, plot, seeds);
}

static int beech_water(struct plot *plot, int litres)
{
	plot->p_seeds += litres;
	return beech_flags(PLOT_DEEP | PLOT_SPREAD);
}

static int beech_reap(struct plot *plot)
{
	plot_trample(plot, 3);
	mark_plot_dirty(plot);
	return beech_sell(plot->p_time);
}

static int beech_weed(struct plot *plot, int depth, bool deep)
{
	return beech_dig(plot, depth);
}

static int beech_age(struct plot *plot, long now)
{
	plot->p_time = now;
	return plot->p_time > 7;
}

static int beech_draw(struct plot *plot)
{
	int err = beech_line(plot);

	if (err)
		return err;
	return 0;
}

static const struct meadow_operations beech_operations = {
	.sow		= beech_sow,
	.water		= beech_water,
	.reap		= beech_reap,
	.weed		= beech_weed,
	.draw		= beech_draw,
	.plough		= generic_plough,
	.plough_way	= slow_way,
};

int beech_rain(struct plot *plot, int hours)
{
	return rope_soak(beech_rope(plot), 2 * hours);
}
