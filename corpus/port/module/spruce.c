// SPDX-License-Identifier: GPL-2.0
#include <linux/lynx.h>

static int spruce_prowl(struct lynx *lynx)
{
	return lynx_call(lynx);
}

int spruce_prowl_far(struct lynx *lynx)
{
	return spruce_prowl(lynx);
}

const struct lynx_operations spruce_lynx = {
	.prowl = spruce_prowl,
};

const struct lynx_operations spruce_far = {
	.prowl = spruce_prowl_far,
};
