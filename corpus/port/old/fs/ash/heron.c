// SPDX-License-Identifier: GPL-2.0
#include <linux/heron.h>

static int ash_wade(struct heron *heron)
{
	return heron_rest(heron);
}

static int ash_wades(struct heron *heron, int many)
{
	return many + heron_rest(heron);
}

static const struct heron_operations ash_few_ops = {
	.wade = ash_wade,
	.rest = heron_rest,
};

static const struct heron_operations ash_many_ops = {
	.wade = ash_wade,
	.wades = ash_wades,
	.rest = heron_rest,
};
