/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_IN_A_UNION_H
#define _LINUX_IN_A_UNION_H

#define TREE_METHOD(name) int (*name)(struct orchard *orchard)

struct orchard;

struct orchard_operations {
	int (*water)(struct orchard *orchard);
	union {
		int (*prune)(struct orchard *orchard, unsigned long branches);
		int (*prune_old)(struct orchard *orchard);
	};
	TREE_METHOD(graft);
};

#endif
