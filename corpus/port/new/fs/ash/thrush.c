// SPDX-License-Identifier: GPL-2.0
#include <linux/thrush.h>

static int ash_sing(struct nest *nest)
{
	return ash_call(nest, 1);
}

static int ash_find(struct lawn *lawn, struct shell **shellp)
{
	return thrush_find(lawn, shellp);
}

static const struct thrush_operations ash_thrush_operations = {
	.sing	= ash_sing,
	.find	= ash_find,
	.rest	= generic_rest_nest,
};
