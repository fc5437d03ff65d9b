// SPDX-License-Identifier: GPL-2.0
#include <linux/meadow.h>
#include <linux/rope.h>
#include <linux/tools/spade.h>

static int cedar_sow(struct owner_map *map, struct plot *plot, int seeds)
{
	if (!plot_may_sow(&no_map, plot))
		return -1;
	plot_set_time_now(plot);
	return cedar_put(map, plot, seeds);
}

static int cedar_water(struct field *field, int litres)
{
	struct plot *plot = field_plot(field);

	plot->p_seeds += litres;
	return cedar_flags(PLOT_DEEP);
}

static int cedar_reap(struct plot *plot)
{
	return cedar_sell(plot_get_time(plot));
}

static int cedar_weed(struct plot *plot, int depth)
{
	return cedar_dig(plot, depth);
}

static int cedar_age(struct plot *plot, long now)
{
	plot_set_time(plot, now);
	return plot_get_time(plot) > 7;
}

static struct plot *cedar_draw(struct plot *plot)
{
	int err = cedar_line(plot);

	if (err)
		return ERR_PTR(err);
	return NULL;
}

static const struct meadow_operations cedar_operations = {
	.sow		= cedar_sow,
	.water		= cedar_water,
	.reap_plot	= cedar_reap,
	.weed		= cedar_weed,
	.draw		= cedar_draw,
	.plough		= generic_plough_plot,
	.plough_way	= slow_way,
};

int cedar_rain(struct plot *plot, int hours)
{
	return rope_soak(plot_rope(plot), hours + 1, NULL);
}
