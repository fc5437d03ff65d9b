// SPDX-License-Identifier: GPL-2.0
#include <linux/crane.h>

static struct crane_row beech_rows[] = {
	{
		.name = "eggs",
		.depth = 2,
	},
	{ }
};

static struct crane_row beech_reed[] = {
	{
		.name = "reed",
		.depth = 5,
		.below = beech_rows,
	},
	{ }
};

static struct crane_row beech_lake[] = {
	{
		.name = "lake",
		.depth = 5,
		.below = beech_reed,
	},
	{ }
};

static void *beech_header;

void beech_crane(void)
{
	beech_header = crane_nest(beech_lake);
}
