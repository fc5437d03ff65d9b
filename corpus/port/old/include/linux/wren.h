/* SPDX-License-Identifier: GPL-2.0 */
/* Wrens, and their songs. */
#include <linux/meadow.h>

struct wren_operations {
	int (*sing)(struct plot *plot);
	int (*sing_all)(struct plot *plot, int songs);
	int (*perch)(struct plot *plot);
};

int perch_low(struct plot *plot);
