/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_VOLE_H
#define _LINUX_VOLE_H

struct vole;

struct vole_operations {
	int (*lock)(struct vole *vole, const void *owner);
	int (*store)(struct vole *vole, struct vole_crumb __rcu **crumbs);
	int (*seal)(struct vole *vole, int depth, const void *owner);
};

struct vole {
	const struct vole_operations *ops;
	int rooms;
};

int vole_seal(struct vole *vole, int depth, const void *owner);

#endif
