// SPDX-License-Identifier: GPL-2.0
#include <linux/thrush.h>

static int ash_sing(struct nest *nest, bool loud)
{
	return ash_call(nest, loud);
}

static int ash_find(struct lawn *lawn, struct snail **snailp)
{
	return thrush_find(lawn, snailp);
}

static const struct thrush_operations ash_thrush_operations = {
	.sing	= ash_sing,
	.find	= ash_find,
	.rest	= generic_rest,
};
