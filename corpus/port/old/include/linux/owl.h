/* SPDX-License-Identifier: GPL-2.0 */
/* Owls, and what they do at night. */
#include <linux/meadow.h>

struct owl_operations {
	int (*hoot)(struct plot *plot);
	int (*blink)(struct plot *plot);
	int (*turn)(struct plot *plot);
	unsigned int moods;
};

#define OWL_CALM 1

int never_hoots(struct plot *plot);
int never_blinks(struct plot *plot);
int turn_round(struct plot *plot);

#define no_turn NULL
