// SPDX-License-Identifier: GPL-2.0
#include <linux/heron.h>

static int beech_wades(struct heron *heron, int many)
{
	return many + heron_rest(heron);
}

static const struct heron_operations beech_few_ops = {
	.wades = beech_wades,
	.rest = heron_rest,
};

static const struct heron_operations beech_many_ops = {
	.wades = beech_wades,
	.rest = heron_rest,
};
