// SPDX-License-Identifier: GPL-2.0
#include <linux/meadow.h>
#include <linux/spade.h>

static int cedar_sow(struct owner *owner, struct plot *plot, int seeds)
{
	if (!plot_may_sow(&init_owner, plot))
		return -1;
	plot->p_time = meadow_time(plot);
	return cedar_put(owner, plot, seeds);
}

static int cedar_water(struct plot *plot, int litres)
{
	plot->p_seeds += litres;
	return cedar_flags(PLOT_DEEP | PLOT_SPREAD);
}

static int cedar_reap(struct plot *plot)
{
	plot_trample(plot, 3);
	mark_plot_dirty(plot);
	return cedar_sell(plot->p_time);
}

static int cedar_weed(struct plot *plot, int depth, bool deep)
{
	return cedar_dig(plot, depth);
}

static int cedar_age(struct plot *plot, long now)
{
	plot->p_time = now;
	return plot->p_time > 7;
}

static int cedar_draw(struct plot *plot)
{
	int err = cedar_line(plot);

	if (err)
		return err;
	return 0;
}

static const struct meadow_operations cedar_operations = {
	.sow		= cedar_sow,
	.water		= cedar_water,
	.reap		= cedar_reap,
	.weed		= cedar_weed,
	.draw		= cedar_draw,
	.plough		= generic_plough,
	.plough_way	= slow_way,
};

int cedar_rain(struct plot *plot, int hours)
{
	return rope_soak(cedar_rope(plot), hours);
}
