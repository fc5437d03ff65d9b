// SPDX-License-Identifier: GPL-2.0
#include <linux/wasp.h>

int ash_hum(struct wasp *wasp, unsigned int tone)
{
	if (!tone)
		return 0;
	return wasp_hum(wasp);
}
