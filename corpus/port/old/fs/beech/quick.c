#include <linux/spade.h>

static const struct meadow_operations beech_quick_operations = {
	.plough		= generic_plough,
	.plough_way	= quick_way,
};
