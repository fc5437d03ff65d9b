/* SPDX-License-Identifier: GPL-2.0 */
/* Roosts, and who settles there. */
#include <linux/meadow.h>

struct flock;

struct roost_operations {
	int (*preen)(struct plot *plot);
};

struct roost_type {
	const char *name;
	int (*init_flock)(struct flock *flock);
	void (*scatter)(struct plot *plot);
};

int generic_preen(struct plot *plot);
void scatter_all(struct plot *plot);
