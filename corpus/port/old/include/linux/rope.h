/* SPDX-License-Identifier: GPL-2.0 */
int rope_tie(struct plot *plot);
