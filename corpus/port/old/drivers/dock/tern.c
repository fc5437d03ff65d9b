/* SPDX-License-Identifier: GPL-2.0 */
#include <linux/dock.h>

int tern_land(struct dock *dock, int ropes)
{
	if (dock_moor(dock, 4))
		return ropes;
	return 0;
}

int tern_depth(struct dock *dock, int ropes)
{
	return dock_sound(dock, 3);
}

struct dock *tern_start(void)
{
	return dock_open(THIS_DOCK, "tern");
}
