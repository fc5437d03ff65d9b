// SPDX-License-Identifier: GPL-2.0
#include <linux/crane.h>

static struct crane_row cedar_rows[] = {
	{
		.name = "eggs",
		.depth = 2,
	},
	{ }
};

static struct crane_row cedar_reed[] = {
	{
		.name = "reed",
		.depth = 5,
		.below = cedar_rows,
	},
	{ }
};

static struct crane_row cedar_lake[] = {
	{
		.name = "lake",
		.depth = 5,
		.below = cedar_reed,
	},
	{ }
};

static void *cedar_header;

void cedar_crane(void)
{
	cedar_header = crane_nest(cedar_lake);
}
