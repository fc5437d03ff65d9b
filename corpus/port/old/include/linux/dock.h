/* SPDX-License-Identifier: GPL-2.0 */
struct dock {
	int depth;
};

struct buoy;

int dock_moor(struct dock *dock, int ropes);
int dock_sound(struct dock *dock, int leads);

#define dock_open(owner, name) dock_open_for(owner, name)
struct dock *dock_open_for(struct owner *owner, const char *name);
