// SPDX-License-Identifier: GPL-2.0
#include <linux/thrush.h>

static int cedar_sing(struct nest *nest, bool loud)
{
	return cedar_call(nest);
}

static int cedar_find(struct lawn *lawn, struct snail **snailp)
{
	return thrush_find(lawn, snailp);
}

static const struct thrush_operations cedar_thrush_operations = {
	.sing	= cedar_sing,
	.find	= cedar_find,
	.rest	= generic_rest,
};
