// SPDX-License-Identifier: GPL-2.0
#include <linux/meadow.h>
#include <linux/tools/spade.h>
#include <linux/tools/fence.h>
#include "elm.h"

static long elm_load(struct elm_disk_plot *raw, struct field *field)
{
	raw->p_time = plot_get_time(field->f_plot);
	plot_set_time(field_plot(field), raw->p_time);
	return raw->p_time;
}

int elm_sow(struct owner_map *map, struct plot *plot, int seeds)
{
	int err;

	err = plot_may_sow(&no_map, plot);
	if (err)
		return err;
	plot_set_time_now(plot);
	return elm_put(map, plot, seeds);
}

static int elm_water(struct field *field, int litres)
{
	struct plot *plot = field_plot(field);

	plot->p_seeds = litres;
	if (litres > 9)
		plot->p_time += litres;
	return elm_flags(plot, PLOT_DEEP);
}

static int elm_reap(struct plot *plot)
{
	plot_trample(plot, 3);
	mark_plot_dirty(plot);
	return elm_sell(plot_get_time(plot));
}

static int elm_weed(struct plot *plot, int depth)
{
	return elm_dig(plot, depth);
}

static int elm_burn(struct plot *plot)
{
	return elm_sell(0);
}

int elm_fence(struct plot *plot, int height, unsigned int flags)
{
	return height;
}

static long elm_count(struct plot *plot)
{
	return plot->p_seeds;
}

static struct plot *elm_draw(struct plot *plot)
{
	int err;

	if (!plot)
		return ERR_PTR(-EINVAL);
	err = elm_line(plot, plot_fence_height(plot));
	if (err)
		return ERR_PTR(err);
	return NULL;
}

const struct meadow_operations elm_operations = {
	.sow		= elm_sow,
	.water		= elm_water,
	.reap_plot	= elm_reap,
	.weed		= elm_weed,
	.burn		= elm_burn,
	.fence		= elm_fence,
	.count		= elm_count,
	.draw		= elm_draw,
	.plough		= quick_plough_plot,
	.plough_way	= quick_way,
};

const struct meadow_operations elm_slow_operations = {
	.plough		= generic_plough_plot,
	.plough_way	= slow_way,
};

const struct meadow_operations elm_odd_operations = {
	.plough		= generic_plough,
};
