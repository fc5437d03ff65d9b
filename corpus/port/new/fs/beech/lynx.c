// SPDX-License-Identifier: GPL-2.0
#include <linux/lynx.h>

static int beech_prowl_by_night(struct lynx *lynx)
{
	return -1;
}

const struct lynx_operations beech_lynx = {
	.prowl_by_night = beech_prowl_by_night,
};
