// SPDX-License-Identifier: GPL-2.0
#include <linux/crow.h>

int ash_peck(struct crow *crow, int found)
{
	int had = crow_peck_along(crow, found);

	if (had < 0)
		return had;
	return had;
}
