// SPDX-License-Identifier: GPL-2.0
#include <linux/thrush.h>

static int beech_sing(struct nest *nest, bool loud)
{
	return beech_call(nest, loud ? FULL : 0);
}

static int beech_find(struct lawn *lawn, struct snail **snailp)
{
	return thrush_find(lawn, snailp);
}

static const struct thrush_operations beech_thrush_operations = {
	.sing	= beech_sing,
	.find	= beech_find,
	.rest	= generic_rest,
};
