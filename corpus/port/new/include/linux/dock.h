/* SPDX-License-Identifier: GPL-2.0 */
struct dock {
	int depth;
};

struct buoy;

int dock_moor(struct dock *dock, int ropes, struct buoy *buoy);
int dock_sound(struct dock *dock, int leads, int knots);
struct dock *dock_open(const char *name);
