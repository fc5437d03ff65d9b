// SPDX-License-Identifier: GPL-2.0
#include <linux/crane.h>

static struct crane_row hazel_rows[] = {
	{
		.name = "eggs",
		.depth = 2,
	},
	{ }
};

static struct crane_row hazel_bog[] = {
	{
		.name = "bog",
		.depth = 5,
		.below = hazel_rows,
	},
	{ }
};

static void *hazel_header;

void hazel_crane(void)
{
	hazel_header = crane_nest(hazel_bog);
}

static struct crane_row hazel_counted[] = {
	{
		.name = "legs",
	},
	{ },
};

static struct crane_row hazel_walked[] = {
	{
		.name = "wings",
	},
	{ }
};

int hazel_deepest(void)
{
	struct crane_row *row;
	int depth = 0;

	for (row = hazel_walked; row->name; row++)
		depth = row->depth > depth ? row->depth : depth;
	return depth;
}

void hazel_paths(void)
{
	crane_path("hazel", hazel_counted);
	crane_path("hazel", hazel_walked);
}
