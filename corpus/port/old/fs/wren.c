// SPDX-License-Identifier: GPL-2.0
#include <linux/wren.h>

void wren_init(struct wren *wren, int dawn)
{
	wren->dawn = dawn;
}

void wren_wake(struct wren *wren)
{
	wren->sing(wren);
}
