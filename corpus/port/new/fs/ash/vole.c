// SPDX-License-Identifier: GPL-2.0
#include <linux/vole.h>

int ash_winter(struct vole *vole)
{
	vole->rooms = 1;
	return vole_seal(vole, 1, NULL);
}
