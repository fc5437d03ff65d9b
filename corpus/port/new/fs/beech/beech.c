// SPDX-License-Identifier: GPL-2.0
#include <linux/meadow.h>
#include <linux/rope.h>
#include <linux/tools/spade.h>

static int beech_sow(struct owner_map *map, struct plot *plot, int seeds)
{
	if (!plot_may_sow(&no_map, plot))
		return -1;
	plot_set_time_now(plot);
	return beech_put(map, plot, seeds);
}

static int beech_water(struct field *field, int litres)
{
	struct plot *plot = field_plot(field);

	plot->p_seeds += litres;
	return beech_flags(PLOT_DEEP);
}

static int beech_reap(struct plot *plot)
{
	return beech_sell(plot_get_time(plot));
}

static int beech_weed(struct plot *plot, int depth)
{
	return beech_dig(plot, depth);
}

static int beech_age(struct plot *plot, long now)
{
	plot_set_time(plot, now);
	return plot_get_time(plot) > 7;
}

static struct plot *beech_draw(struct plot *plot)
{
	int err = beech_line(plot);

	if (err)
		return ERR_PTR(err);
	return NULL;
}

static const struct meadow_operations beech_operations = {
	.sow		= beech_sow,
	.water		= beech_water,
	.reap_plot	= beech_reap,
	.weed		= beech_weed,
	.draw		= beech_draw,
	.plough		= generic_plough_plot,
	.plough_way	= slow_way,
};

int beech_rain(struct plot *plot, int hours)
{
	return rope_soak(plot_rope(plot), 2 * hours + 1, NULL);
}
