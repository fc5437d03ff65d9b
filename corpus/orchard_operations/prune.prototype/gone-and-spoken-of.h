/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_GONE_AND_SPOKEN_OF_H
#define _LINUX_GONE_AND_SPOKEN_OF_H

struct orchard;

struct orchard_operations {
	int (*water)(struct orchard *orchard);
};

#endif
