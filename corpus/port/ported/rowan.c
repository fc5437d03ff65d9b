// SPDX-License-Identifier: GPL-2.0
#include <linux/crow.h>

int rowan_peck(struct crow *crow, int nuts)
{
	int had = crow_peck(crow, nuts);

	crow_hop(crow, had);
	return had;
}
