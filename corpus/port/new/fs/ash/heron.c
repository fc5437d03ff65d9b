// SPDX-License-Identifier: GPL-2.0
#include <linux/heron.h>

static int ash_wades(struct heron *heron, int many)
{
	return many + heron_rest(heron);
}

static const struct heron_operations ash_few_ops = {
	.wades = ash_wades,
	.rest = heron_rest,
};

static const struct heron_operations ash_many_ops = {
	.wades = ash_wades,
	.rest = heron_rest,
};
