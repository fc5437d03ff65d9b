// SPDX-License-Identifier: GPL-2.0
#include <linux/meadow.h>
#include <linux/rope.h>
#include <linux/tools/spade.h>

static int ash_sow(struct owner_map *map, struct plot *plot, int seeds)
{
	if (!plot_may_sow(&no_map, plot))
		return -1;
	plot_set_time_now(plot);
	return ash_put(map, plot, seeds);
}

static int ash_water(struct field *field, int litres)
{
	struct plot *plot = field_plot(field);

	plot->p_seeds += litres;
	return ash_flags(PLOT_DEEP);
}

static int ash_reap(struct plot *plot)
{
	return ash_sell(plot_get_time(plot));
}

static int ash_weed(struct plot *plot, int depth)
{
	return ash_dig(plot, depth);
}

static int ash_age(struct plot *plot, long now)
{
	plot_set_time(plot, now);
	return plot_get_time(plot) > 7;
}

static struct plot *ash_draw(struct plot *plot)
{
	int err = ash_line(plot);

	if (err)
		return ERR_PTR(err);
	return NULL;
}

static const struct meadow_operations ash_operations = {
	.sow		= ash_sow,
	.water		= ash_water,
	.reap_plot	= ash_reap,
	.weed		= ash_weed,
	.draw		= ash_draw,
	.plough		= generic_plough_plot,
	.plough_way	= slow_way,
};

int ash_rain(struct plot *plot, int hours)
{
	return rope_soak(plot_rope(plot, 1), 3 + 1, NULL);
}
