/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_NO_TABLE_H
#define _LINUX_NO_TABLE_H

struct hedge;

struct hedge_operations {
	int (*plant)(struct hedge *hedge);
	int (*clip)(struct hedge *hedge, unsigned long height);
};

#endif
