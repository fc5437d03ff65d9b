// SPDX-License-Identifier: GPL-2.0
#include <linux/heron.h>

static int cedar_wade(struct heron *heron)
{
	return heron_rest(heron);
}

static int cedar_wades(struct heron *heron, int many)
{
	return many + heron_rest(heron);
}

static const struct heron_operations cedar_few_ops = {
	.wade = cedar_wade,
	.rest = heron_rest,
};

static const struct heron_operations cedar_many_ops = {
	.wade = cedar_wade,
	.wades = cedar_wades,
	.rest = heron_rest,
};
