// SPDX-License-Identifier: GPL-2.0
#include <linux/meadow.h>
#include <linux/spade.h>

static int ash_sow(struct owner *owner, struct plot *plot, int seeds)
{
	if (!plot_may_sow(&init_owner, plot))
		return -1;
	plot->p_time = meadow_time(plot);
	return ash_put(owner, plot, seeds);
}

static int ash_water(struct plot *plot, int litres)
{
	plot->p_seeds += litres;
	return ash_flags(PLOT_DEEP | PLOT_SPREAD);
}

static int ash_reap(struct plot *plot)
{
	plot_trample(plot, 3);
	mark_plot_dirty(plot);
	return ash_sell(plot->p_time);
}

static int ash_weed(struct plot *plot, int depth, bool deep)
{
	return ash_dig(plot, depth);
}

static int ash_age(struct plot *plot, long now)
{
	plot->p_time = now;
	return plot->p_time > 7;
}

static int ash_draw(struct plot *plot)
{
	int err = ash_line(plot);

	if (err)
		return err;
	return 0;
}

static const struct meadow_operations ash_operations = {
	.sow		= ash_sow,
	.water		= ash_water,
	.reap		= ash_reap,
	.weed		= ash_weed,
	.draw		= ash_draw,
	.plough		= generic_plough,
	.plough_way	= slow_way,
};

int ash_rain(struct plot *plot, int hours)
{
	return rope_soak(ash_rope(plot), 3);
}
