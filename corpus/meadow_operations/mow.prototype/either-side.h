/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_EITHER_SIDE_H
#define _LINUX_EITHER_SIDE_H

struct meadow;

struct meadow_operations {
#ifdef CONFIG_SCYTHE
	void (*mow)(struct meadow *meadow);
#else
	int (*mow)(struct meadow *meadow, unsigned long height);
#endif
#ifdef CONFIG_DRAIN
	void (*drain)(struct meadow *meadow);
#endif
};

#endif
