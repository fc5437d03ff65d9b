// SPDX-License-Identifier: GPL-2.0
#include <linux/wren.h>

struct ash_nest {
	struct wren wren;
};

static int ash_sing(struct wren *wren)
{
	return wren->dawn;
}

void ash_nest(struct ash_nest *nest, int dawn)
{
	wren_init(&nest->wren, dawn);
	nest->wren.sing = ash_sing;
	wren_wake(&nest->wren);
}
