/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_OTHER_NAMES_H
#define _LINUX_OTHER_NAMES_H

#include <linux/types.h>

struct meadow;

struct meadow_operations {
	int (*mow)(struct meadow *meadow,
		   unsigned int height,
		   const char *name, long days, u8 *id, void (*done)(struct meadow *which, int error));
	struct meadow *(*sow)(unsigned long long);
};

#endif
