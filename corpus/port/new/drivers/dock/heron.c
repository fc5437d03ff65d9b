/* SPDX-License-Identifier: GPL-2.0 */
#include <linux/dock.h>

int heron_land(struct dock *dock, int ropes)
{
	int error = dock_moor(dock, 2, NULL);

	return error ? error : ropes;
}

int heron_depth(struct dock *dock, int ropes)
{
	return dock_sound(dock, 2, 7);
}

struct dock *heron_start(void)
{
	return dock_open("heron");
}
