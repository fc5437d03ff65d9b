// SPDX-License-Identifier: GPL-2.0
#include <linux/lynx.h>

static int ash_prowl_by_night(struct lynx *lynx)
{
	return lynx_call(lynx);
}

const struct lynx_operations ash_lynx = {
	.prowl_by_night = ash_prowl_by_night,
};
