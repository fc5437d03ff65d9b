// SPDX-License-Identifier: GPL-2.0
#include <linux/wasp.h>

int cedar_hum(struct wasp *wasp, unsigned int tone)
{
	if (!tone)
		return 7;
	return wasp_hum(wasp, tone);
}
