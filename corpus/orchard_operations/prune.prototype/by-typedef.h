/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_BY_TYPEDEF_H
#define _LINUX_BY_TYPEDEF_H

struct orchard;

typedef int (water_fn)(struct orchard *orchard);
typedef int (prune_fn)(struct orchard *orchard, unsigned long);

struct orchard_operations {
	water_fn *water;
	prune_fn *prune;
};

#endif
