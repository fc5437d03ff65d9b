#include <linux/tools/spade.h>

static const struct meadow_operations ash_quick_operations = {
	.plough		= quick_plough_plot,
	.plough_way	= quick_way,
};
