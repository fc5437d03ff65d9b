/* SPDX-License-Identifier: GPL-2.0 */
/* An invented corner of a kernel, after. */
struct plot {
	long p_time_sec;
	int p_seeds;
	struct field *p_field;
};

struct field {
	struct plot *f_plot;
	int f_row_count;
};

struct meadow_operations {
	int (*sow)(struct owner_map *map, struct plot *plot, int seeds);
	int (*water)(struct field *field, int litres);
	int (*reap_plot)(struct plot *plot);
	int (*weed)(struct plot *plot, int depth);
	int (*fence)(struct plot *plot, int height, unsigned int flags);
	long (*count)(struct plot *plot);
	struct plot *(*draw)(struct plot *plot);
};

#define PLOT_DEEP	8

extern struct owner_map no_map;
int plot_may_sow(struct owner_map *map, struct plot *plot);
struct plot *field_plot(struct field *field);
long meadow_time(struct plot *plot);
void mark_plot_dirty(struct plot *plot);
int plot_dig(struct plot *plot, int depth);
int generic_plough_plot(struct plot *plot);
int quick_plough_plot(struct plot *plot);

static inline long plot_get_time(const struct plot *plot)
{
	return plot->p_time_sec;
}

static inline void plot_set_time(struct plot *plot, long time)
{
	plot->p_time_sec = time;
}

static inline void plot_set_time_now(struct plot *plot)
{
	plot_set_time(plot, meadow_time(plot));
}
