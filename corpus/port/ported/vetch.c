// SPDX-License-Identifier: GPL-2.0
#include <linux/vole.h>

static int vetch_lock(struct vole *vole, const void *owner)
{
	return vole->rooms;
}

static int vetch_seal(struct vole *vole, int depth, const void *owner)
{
	if (!vetch_lock(vole, owner))
		return 0;
	return vole_seal(vole, depth + 1, owner);
}

int vetch_winter(struct vole *vole)
{
	if (vetch_lock(vole))
		return 0;
	return vole_seal(vole, vole->rooms, NULL);
}

static int vetch_store(struct vole *vole, struct vole_crumb __rcu **crumbs)
{
	return vole->rooms;
}

const struct vole_operations vetch_voles = {
	.lock = vetch_lock,
	.store = vetch_store,
	.seal = vetch_seal,
};

#ifdef CONFIG_VOLE_CENSUS
int vetch_voles_seen;
#endif
#ifdef CONFIG_VOLE_DEPTH
int vetch_deepest;
#endif
