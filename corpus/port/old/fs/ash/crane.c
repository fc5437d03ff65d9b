// SPDX-License-Identifier: GPL-2.0
#include <linux/crane.h>

static struct crane_row ash_rows[] = {
	{
		.name = "eggs",
		.depth = 2,
	},
	{ }
};

static struct crane_row ash_reed[] = {
	{
		.name = "reed",
		.depth = 5,
		.below = ash_rows,
	},
	{ }
};

static struct crane_row ash_lake[] = {
	{
		.name = "lake",
		.depth = 5,
		.below = ash_reed,
	},
	{ }
};

static void *ash_header;

void ash_crane(void)
{
	ash_header = crane_nest(ash_lake);
}
