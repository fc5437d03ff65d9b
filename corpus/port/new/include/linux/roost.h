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

struct perch {
	int birds;
};

#define PERCH_INIT(perch, n)	{ .birds = n }
#define DEFINE_PERCH(_name, _birds)	\
	struct perch _name = PERCH_INIT(_name, _birds)
#define DEFINE_PERCHES(_name, _count)	\
	struct perch _name[_count] = { }
#define perch_sway(perch, how)	perch_bend(perch, (how))
void perch_bend(struct perch *perch, int how);
