// SPDX-License-Identifier: GPL-2.0
#include <linux/crow.h>

int cedar_peck(struct crow *crow, int all)
{
	int had = crow_peck_along(crow, all);

	if (had < 0)
		return had;
	return had;
}
