/* SPDX-License-Identifier: GPL-2.0 */
/* A flock on its way to a roost. */
#define FLOCK_HUSHED	2

struct flock_operations {
	int (*get_perch)(struct flock *flock);
	int (*move_perch)(struct flock *flock);
};

struct flock {
	const struct flock_operations *ops;
	struct plot *plot;
	int dusk;
	int way;
};

int get_perch_branch(struct flock *flock, int (*perch)(struct plot *plot, struct flock *flock));
int get_perch_reed(struct flock *flock, int (*perch)(struct plot *plot, struct flock *flock));
