// SPDX-License-Identifier: GPL-2.0
#include <linux/vole.h>

int cedar_winter(struct vole *vole)
{
	vole->rooms = 3;
	return vole_seal(vole, 3, NULL);
}
