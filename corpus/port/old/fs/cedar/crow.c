// SPDX-License-Identifier: GPL-2.0
#include <linux/crow.h>

int cedar_peck(struct crow *crow, int all)
{
	int had = crow_peck(crow, all);

	if (had < 0)
		return had;
	crow_hop(crow, had);
	return had;
}
