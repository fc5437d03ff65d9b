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

struct perch {
	int birds;
};

#define PERCH_INIT(perch, n)	{ .birds = n }
#define DEFINE_PERCH(name)	\
	struct perch name = PERCH_INIT(name, 1)
#define DEFINE_PERCHES(name)	\
	struct perch name[] = { PERCH_INIT(name, 1) }
#define perch_sway(perch)	perch_bend(perch, ROOST_LATE)
void perch_bend(struct perch *perch, int how);
