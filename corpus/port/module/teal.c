// SPDX-License-Identifier: GPL-2.0
#include <linux/heron.h>

#define TEAL_WET	1ul
#define TEAL_COLD	2ul

static int teal_wade(struct heron *heron)
{
	return heron->h_depth;
}

static int teal_wades(struct heron *heron, int many)
{
	heron->h_flags |= TEAL_WET;
	if (many)
		heron->h_flags &= ~(TEAL_WET | TEAL_COLD);
	return heron->h_depth;
}

static int teal_dip(struct heron *heron)
{
	heron->h_flags = TEAL_COLD;
	return heron_rest(heron);
}

static const struct heron_operations teal_ops = {
	.wade = teal_wade,
	.wades = teal_wades,
};

static const struct heron_operations teal_lone_ops = {
	.wade = teal_dip,
};
