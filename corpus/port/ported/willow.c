// SPDX-License-Identifier: GPL-2.0
#include <linux/wren.h>

struct willow {
	struct wren first, second, third;
};

static int willow_sing(struct wren *wren)
{
	return wren->dawn + 1;
}

void willow_wake(struct willow *willow, int dawn)
{
	wren_setup(&willow->first, willow_sing, dawn);
	wren_init(&willow->second, dawn + 1);
	wren_wake(&willow->first);
	willow->second.sing = willow_sing;
	wren_init(&willow->third, 3);
	willow->first.sing = willow_sing;
}
