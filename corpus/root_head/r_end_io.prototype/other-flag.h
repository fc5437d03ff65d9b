/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_OTHER_FLAG_H
#define _LINUX_OTHER_FLAG_H

#include <linux/types.h>

struct root_head {
	unsigned long r_state;
	struct root_head *r_next;
	sector_t r_sector;
	void (*r_end_io)(struct root_head *root, int error);
	void *r_private;
	struct {
		void (*r_done)(struct root_head *root);
	} r_other;
};

#endif
