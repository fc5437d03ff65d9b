// SPDX-License-Identifier: GPL-2.0
#include <linux/wren.h>

struct cedar_nest {
	struct wren wren;
};

static int cedar_sing(struct wren *wren)
{
	return wren->dawn;
}

void cedar_nest(struct cedar_nest *nest, int dawn)
{
	wren_setup(&nest->wren, cedar_sing, dawn);
	wren_wake(&nest->wren);
}
