// SPDX-License-Identifier: GPL-2.0
#include <linux/crow.h>

int beech_peck(struct crow *crow, int nuts)
{
	int had = crow_peck(crow, nuts);

	if (had < 0)
		return had;
	crow_hop(crow, had);
	return had;
}
