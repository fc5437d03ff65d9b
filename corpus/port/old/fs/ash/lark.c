// SPDX-License-Identifier: GPL-2.0
#include <linux/lark.h>

const struct lark *ash_larks[] = {
	&early_lark,
	&late_lark,
	0
};

const struct lark *ash_by_hour[] = {
	[4] = &early_lark,
	[9] = &late_lark,
};
