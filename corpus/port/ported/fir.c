/* Firs keep their tools dry. */
#include <linux/shed.h>

struct bolts {
	struct latch *first;
	int count;
};

static int fir_shut(struct plot *plot, struct latch *bolt)
{
	struct latch spare = *bolt;
	struct bolts all = { .first = &spare };

	return bolt_oil(all.first, sizeof(struct latch));
}

static void fir_leave(struct plot *plot, const struct visit *visit)
{
	enum why why = visit->why;

	if (why == NIGHT)
		plot_water(plot, why);
}

static void fir_stay(struct plot *plot, const struct visit *visit)
{
	plot_water(plot, 1);
}

const struct shed_operations fir_shed = {
	.shut = fir_shut,
	.leave = fir_leave,
};

const struct shed_operations fir_open_shed = {
	.leave = fir_stay,
};
