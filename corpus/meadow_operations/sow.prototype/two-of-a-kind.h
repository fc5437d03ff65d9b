/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_TWO_OF_A_KIND_H
#define _LINUX_TWO_OF_A_KIND_H

struct meadow;

struct meadow_operations {
	int (*mow)(struct meadow *meadow, unsigned long height);
	int (*sow)(const struct meadow *meadow);
};

#endif
