// SPDX-License-Identifier: GPL-2.0
#include <linux/crane.h>

static struct crane_row beech_rows[] = {
	{
		.name = "eggs",
		.depth = 2,
	},
};

static void *beech_header;

void beech_crane(void)
{
	beech_header = crane_path("lake/reed", beech_rows);
}
