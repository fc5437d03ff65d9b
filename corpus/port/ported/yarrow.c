// SPDX-License-Identifier: GPL-2.0
#include <linux/lark.h>

const struct lark *yarrow_larks[] = {
	&late_lark,
	0
};

const struct lark * const yarrow_by_hour[] = {
	[EARLY] = &any_lark,
};

const struct lark *yarrow_first(void)
{
	return &early_lark;
}
