#include <linux/spade.h>

static const struct meadow_operations cedar_quick_operations = {
	.plough		= generic_plough,
	.plough_way	= quick_way,
};
