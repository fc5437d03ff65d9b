/* SPDX-License-Identifier: GPL-2.0 */
typedef struct rope_s {
	int strands;
	int length;
	int worn;
} rope_t;

int rope_tie(struct plot *plot);
int rope_mend(rope_t *rope);
int rope_untie(rope_t *rope, int knots);
int rope_soak(rope_t *rope, int hours);
void rope_coil(rope_t *rope);

static inline int rope_loosen(rope_t *rope, int knots)
{
	return rope_untie(rope, knots);
}

static inline void rope_stow(rope_t *rope)
{
	rope_untie(rope, 0);
	rope_coil(rope);
}
