// SPDX-License-Identifier: GPL-2.0
#include <linux/heron.h>

static int cedar_wades(struct heron *heron, int many)
{
	return many + heron_rest(heron);
}

static const struct heron_operations cedar_few_ops = {
	.wades = cedar_wades,
	.rest = heron_rest,
};

static const struct heron_operations cedar_many_ops = {
	.wades = cedar_wades,
	.rest = heron_rest,
};
