/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_LYNX_H
#define _LINUX_LYNX_H

struct lynx;

struct lynx_operations {
	int (*prowl_by_night)(struct lynx *lynx);
};

int lynx_call(struct lynx *lynx);

#endif
