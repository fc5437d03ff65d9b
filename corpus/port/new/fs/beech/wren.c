// SPDX-License-Identifier: GPL-2.0
#include <linux/wren.h>

struct beech_nest {
	struct wren wren;
};

static int beech_sing(struct wren *wren)
{
	return wren->dawn;
}

void beech_nest(struct beech_nest *nest, int dawn)
{
	wren_setup(&nest->wren, beech_sing, dawn);
	wren_wake(&nest->wren);
}
