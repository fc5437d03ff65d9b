/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_GONE_H
#define _LINUX_GONE_H

struct orchard;

struct orchard_operations {
	int (*water)(struct orchard *orchard);
	/* int (*prune)(struct orchard *orchard, unsigned long branches); */
	void (*graft)(struct orchard *orchard);
};

#endif
