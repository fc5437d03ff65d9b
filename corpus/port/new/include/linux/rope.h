/* SPDX-License-Identifier: GPL-2.0 */
typedef struct rope {
	int strands;
	int length;
	int worn;
} rope_t;

int rope_tie(struct plot *plot);
bool rope_mend(rope_t *rope);
int rope_untie(struct rope *rope, int knots);
int rope_soak(struct rope *rope, int hours, struct basin *basin);
void rope_coil(struct rope *rope);
