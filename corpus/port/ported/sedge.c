// SPDX-License-Identifier: GPL-2.0
#include <linux/thrush.h>

static struct thrush_operations sedge_operations;

static int sedge_sing(struct nest *nest)
{
	return sedge_call(nest, true, 3) | sedge_wait(NOON);
}

static int sedge_hum(struct nest *nest)
{
	if (loud)
		return -1;
	return sedge_call(nest, loud, 1);
}

static int sedge_find(struct lawn *lawn, struct shell **shellp)
{
	return thrush_find(lawn, shellp);
}

static const struct thrush_operations sedge_hums = {
	.sing	= sedge_hum,
	.find	= sedge_find,
};

int sedge_feed(struct lawn *lawn, const struct thrush_operations *ops)
{
	struct shell *shell = NULL;
	int err;

	err = sedge_find(lawn, &shell);
	if (!err && ops->find)
		err = ops->find(lawn, &shell);
	if (!err)
		err = ops->eat(lawn, shell);
	return err ? err : thrush_crack(lawn, shell);
}

int sedge_weigh(struct lawn *lawn)
{
	struct snail *snail;
	int err = sedge_find(lawn, &snail);

	return err ? err : snail->weight;
}

void sedge_init(struct thrush_operations *other)
{
	sedge_operations = sedge_hums;
	sedge_operations.sing = sedge_sing;
	sedge_operations.rest = generic_rest_nest;
	other->rest = generic_rest_nest;
}
