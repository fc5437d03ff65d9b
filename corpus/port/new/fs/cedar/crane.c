// SPDX-License-Identifier: GPL-2.0
#include <linux/crane.h>

static struct crane_row cedar_rows[] = {
	{
		.name = "eggs",
		.depth = 2,
	},
};

static void *cedar_header;

void cedar_crane(void)
{
	cedar_header = crane_path("lake/reed", cedar_rows);
}
