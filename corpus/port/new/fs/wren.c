// SPDX-License-Identifier: GPL-2.0
#include <linux/wren.h>

void wren_setup(struct wren *wren, int (*sing)(struct wren *wren), int dawn)
{
	wren->sing = sing;
	wren->dawn = dawn;
}

void wren_wake(struct wren *wren)
{
	wren->sing(wren);
}
