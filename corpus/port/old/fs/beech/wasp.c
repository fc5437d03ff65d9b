// SPDX-License-Identifier: GPL-2.0
#include <linux/wasp.h>

int beech_hum(struct wasp *wasp, unsigned int tone)
{
	if (!tone)
		return -1;
	return wasp_hum(wasp, tone);
}
