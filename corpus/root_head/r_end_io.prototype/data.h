/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_DATA_H
#define _LINUX_DATA_H

#include <linux/types.h>

struct root_head;

typedef void (root_end_io_t)(struct root_head *root, int uptodate);

struct root_head {
	unsigned long r_state;
	struct root_head *r_next;
	sector_t r_sector;
	root_end_io_t *r_end_io;
	void *r_private;
	struct {
		void (*r_done)(struct root_head *root);
	} r_other;
};

#endif
