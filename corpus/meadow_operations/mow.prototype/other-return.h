/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_OTHER_RETURN_H
#define _LINUX_OTHER_RETURN_H

struct meadow;

struct meadow_operations {
	int (*sow)(struct meadow *meadow);
	void (*mow)(struct meadow *meadow, unsigned long height);
};

#endif
