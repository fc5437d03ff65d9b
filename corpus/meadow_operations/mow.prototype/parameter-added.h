/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_PARAMETER_ADDED_H
#define _LINUX_PARAMETER_ADDED_H

struct meadow;
struct scythe;

struct meadow_operations {
	int (*mow)(struct meadow *meadow, const struct scythe *scythe, unsigned long height, void (*done)(void *), void *data);
	void (*rest)(struct meadow *meadow);
};

#endif
