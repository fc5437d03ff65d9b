// SPDX-License-Identifier: GPL-2.0
#include <linux/owl.h>

static const struct owl_operations dell_owl_operations = {
	.hoot		= never_hoots,
	.turn		= turn_round,
};
