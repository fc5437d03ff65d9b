/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_WREN_H
#define _LINUX_WREN_H

struct wren {
	int (*sing)(struct wren *wren);
	int dawn;
};

void wren_init(struct wren *wren, int dawn);
void wren_wake(struct wren *wren);

#endif
