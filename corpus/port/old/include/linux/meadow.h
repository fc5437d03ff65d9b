/* SPDX-License-Identifier: GPL-2.0 */
/* An invented corner of a kernel, before. */
#include <linux/rope.h>

struct plot {
	long p_time;
	int p_seeds;
	struct field *p_field;
};

struct field {
	struct plot *f_plot;
	int f_rows;
};

struct meadow_operations {
	int (*sow)(struct owner *owner, struct plot *plot, int seeds);
	int (*water)(struct plot *plot, int litres);
	int (*reap)(struct plot *plot);
	int (*weed)(struct plot *plot, int depth, bool deep);
	int (*burn)(struct plot *plot);
	int (*fence)(struct plot *plot, int height);
	int (*count)(struct plot *plot);
	int (*draw)(struct plot *plot);
};

#define PLOT_SPREAD	4
#define PLOT_DEEP	8

extern struct owner init_owner;
int plot_may_sow(struct owner *owner, struct plot *plot);
struct plot *field_plot(struct field *field);
long meadow_time(struct plot *plot);
void mark_plot_dirty(struct plot *plot);
int plot_dig(struct field *field, struct plot *plot, int depth);
void plot_trample(struct plot *plot, int how);
int generic_reap(struct plot *plot);
int generic_plough(struct plot *plot);
int plot_fence_height(struct plot *plot);
