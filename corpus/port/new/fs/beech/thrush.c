// SPDX-License-Identifier: GPL-2.0
#include <linux/thrush.h>

static int beech_sing(struct nest *nest)
{
	return beech_call(nest, FULL);
}

static int beech_find(struct lawn *lawn, struct shell **shellp)
{
	return thrush_find(lawn, shellp);
}

static const struct thrush_operations beech_thrush_operations = {
	.sing	= beech_sing,
	.find	= beech_find,
	.rest	= generic_rest_nest,
};
