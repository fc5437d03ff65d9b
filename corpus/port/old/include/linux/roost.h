/* SPDX-License-Identifier: GPL-2.0 */
/* Roosts, and who settles there. */
#include <linux/meadow.h>

struct roost_operations {
	int (*preen)(struct plot *plot);
	int (*resettle)(struct plot *plot, int *dusk, char *crumbs);
};

struct roost_type {
	const char *name;
	int (*settle)(struct roost_type *type, int dusk, void *crumbs);
	void (*scatter)(struct plot *plot);
};

int settle_branch(struct roost_type *type, int dusk, void *crumbs, int (*perch)(struct plot *plot, void *crumbs, int hushed));
int settle_reed(struct roost_type *type, int dusk, void *crumbs, int (*perch)(struct plot *plot, void *crumbs, int hushed));
int generic_preen(struct plot *plot);
void scatter_all(struct plot *plot);
