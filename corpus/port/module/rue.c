/* Rues grow at the water. */
#include <linux/dock.h>

int rue_land(struct dock *dock)
{
	if (dock_moor(dock, 2))
		return -1;
	return dock_sound(dock, 3);
}

struct dock *rue_start(void)
{
	return dock_open(THIS_DOCK, "rue");
}
