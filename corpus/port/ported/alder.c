// SPDX-License-Identifier: GPL-2.0
#include <linux/wasp.h>

int alder_hum(struct wasp *wasp, unsigned int tone)
{
	return wasp_hum(wasp);
}

int alder_whisper(struct wasp *wasp)
{
	return wasp_hum(wasp, WASP_SOFT);
}
