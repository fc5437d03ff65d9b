// SPDX-License-Identifier: GPL-2.0
#include <linux/rope.h>

/* Ivy holds on to its ropes. */
static int ivy_climb(rope_t *rope, int height)
{
	int left = rope_untie(rope, 1);

	rope_coil(rope);
	if (rope_mend(rope))
		return -1;
	while (height--)
		left += rope_untie(rope, height);
	rope_stow(rope);
	return rope_soak(rope, left, NULL);
}
