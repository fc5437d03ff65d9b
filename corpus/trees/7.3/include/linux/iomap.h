/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_IOMAP_H
#define _LINUX_IOMAP_H

#include <linux/pagemap.h>

struct iomap_write_ops {
	struct folio *(*get_folio)(struct inode *inode, loff_t pos);
	void (*put_folio)(struct inode *inode, loff_t pos, struct folio *folio);
};

void folio_put(struct folio *folio);

#endif
