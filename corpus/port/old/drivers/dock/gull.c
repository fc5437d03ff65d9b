/* SPDX-License-Identifier: GPL-2.0 */
#include <linux/dock.h>

int gull_land(struct dock *dock, int ropes)
{
	return dock_moor(dock, 1);
}

int gull_depth(struct dock *dock, int ropes)
{
	return dock_sound(dock, 1);
}

struct dock *gull_start(void)
{
	return dock_open(THIS_DOCK, "gull");
}
