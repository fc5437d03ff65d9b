#include <linux/tools/spade.h>

static const struct meadow_operations beech_quick_operations = {
	.plough		= quick_plough_plot,
	.plough_way	= quick_way,
};
