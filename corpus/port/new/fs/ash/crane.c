// SPDX-License-Identifier: GPL-2.0
#include <linux/crane.h>

static struct crane_row ash_rows[] = {
	{
		.name = "eggs",
		.depth = 2,
	},
};

static void *ash_header;

void ash_crane(void)
{
	ash_header = crane_path("lake/reed", ash_rows);
}
