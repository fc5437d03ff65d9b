/* Firs keep their tools dry. */
#include <linux/shed.h>

struct bolts {
	struct bolt *first;
	int count;
};

static int fir_shut(struct plot *plot, struct bolt *bolt)
{
	struct bolt spare = *bolt;
	struct bolts all = { .first = &spare };

	return bolt_oil(all.first, sizeof(struct bolt));
}

static void fir_leave(struct plot *plot, enum why why)
{
	if (why == NIGHT)
		plot_water(plot, why);
}

static void fir_stay(struct plot *plot, enum why why)
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
