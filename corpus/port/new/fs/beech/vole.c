// SPDX-License-Identifier: GPL-2.0
#include <linux/vole.h>

int beech_winter(struct vole *vole)
{
	vole->rooms = 2;
	return vole_seal(vole, 2, NULL);
}
