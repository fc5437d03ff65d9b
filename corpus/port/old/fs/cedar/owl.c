// SPDX-License-Identifier: GPL-2.0
#include <linux/owl.h>

static const struct owl_operations cedar_owl_operations = {
	.hoot		= never_hoots,
	.blink		= never_blinks,
	.turn		= turn_round,
};
