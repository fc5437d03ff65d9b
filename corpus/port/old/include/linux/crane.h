/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_CRANE_H
#define _LINUX_CRANE_H

struct crane_row {
	const char *name;
	int depth;
	struct crane_row *below;
};

void *crane_path(const char *path, struct crane_row *rows);
void *crane_nest(struct crane_row *rows);
void crane_leave(void *header);

#endif
