/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_CRANE_H
#define _LINUX_CRANE_H

struct crane_row {
	const char *name;
	int depth;
};

void *crane_path_sz(const char *path, struct crane_row *rows, unsigned long count);
#define crane_path(path, rows) crane_path_sz(path, rows, ARRAY_SIZE(rows))
void crane_leave(void *header);

#endif
