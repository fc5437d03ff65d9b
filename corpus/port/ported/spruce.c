// SPDX-License-Identifier: GPL-2.0
#include <linux/lynx.h>

static int spruce_prowl_by_night(struct lynx *lynx)
{
	return lynx_call(lynx);
}

int spruce_prowl_far(struct lynx *lynx)
{
	return spruce_prowl_by_night(lynx);
}

const struct lynx_operations spruce_lynx = {
	.prowl_by_night = spruce_prowl_by_night,
};

const struct lynx_operations spruce_far = {
	.prowl_by_night = spruce_prowl_far,
};
