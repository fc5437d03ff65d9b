// SPDX-License-Identifier: GPL-2.0
#include <linux/heron.h>

static int beech_wade(struct heron *heron)
{
	return heron_rest(heron);
}

static int beech_wades(struct heron *heron, int many)
{
	return many + heron_rest(heron);
}

static const struct heron_operations beech_few_ops = {
	.wade = beech_wade,
	.rest = heron_rest,
};

static const struct heron_operations beech_many_ops = {
	.wade = beech_wade,
	.wades = beech_wades,
	.rest = heron_rest,
};
