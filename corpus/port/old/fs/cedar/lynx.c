// SPDX-License-Identifier: GPL-2.0
#include <linux/lynx.h>

static int cedar_prowl(struct lynx *lynx)
{
	return lynx_call(lynx) + 1;
}

const struct lynx_operations cedar_lynx = {
	.prowl = cedar_prowl,
};
