// SPDX-License-Identifier: GPL-2.0
#include <linux/meadow.h>
#include <linux/spade.h>
#include "elm.h"

static long elm_load(struct elm_disk_plot *raw, struct field *field)
{
	raw->p_time = field->f_plot->p_time;
	field_plot(field)->p_time = raw->p_time;
	return raw->p_time;
}

int elm_sow(struct owner *owner, struct plot *plot, int seeds)
{
	int err;

	err = plot_may_sow(&init_owner, plot);
	if (err)
		return err;
	plot->p_time = meadow_time(plot);
	return elm_put(owner, plot, seeds);
}

static int elm_water(struct plot *plot, int litres)
{
	plot->p_seeds = litres;
	if (litres > 9)
		plot->p_time += litres;
	return elm_flags(plot, PLOT_DEEP | PLOT_SPREAD);
}

static int elm_reap(struct plot *plot)
{
	plot_trample(plot, 3);
	mark_plot_dirty(plot);
	return elm_sell(plot->p_time);
}

static int elm_weed(struct plot *plot, int depth, bool deep)
{
	return elm_dig(plot, depth);
}

static int elm_burn(struct plot *plot)
{
	return elm_sell(0);
}

int elm_fence(struct plot *plot, int height)
{
	return height;
}

static int elm_count(struct plot *plot)
{
	return plot->p_seeds;
}

static int elm_draw(struct plot *plot)
{
	int err;

	if (!plot)
		return -EINVAL;
	err = elm_line(plot, plot_fence_height(plot));
	if (err)
		return err;
	return 0;
}

const struct meadow_operations elm_operations = {
	.sow		= elm_sow,
	.water		= elm_water,
	.reap		= elm_reap,
	.weed		= elm_weed,
	.burn		= elm_burn,
	.fence		= elm_fence,
	.count		= elm_count,
	.draw		= elm_draw,
	.plough		= generic_plough,
	.plough_way	= quick_way,
};

const struct meadow_operations elm_slow_operations = {
	.plough		= generic_plough,
	.plough_way	= slow_way,
};

const struct meadow_operations elm_odd_operations = {
	.plough		= generic_plough,
};
