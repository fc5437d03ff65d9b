/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_MOVED_H
#define _LINUX_MOVED_H

struct orchard;

struct orchard_operations {
	int (*water)(struct orchard *orchard);
};

struct ladder_operations {
	int (*prune)(struct orchard *orchard, unsigned long branches);
};

#endif
