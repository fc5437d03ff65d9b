/* SPDX-License-Identifier: GPL-2.0 */
/* Fences stood in meadow.h before. */
int plot_fence_height(struct plot *plot);
