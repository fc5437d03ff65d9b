/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_WRITEBACK_H
#define _LINUX_WRITEBACK_H

#include <linux/types.h>

enum writeback_sync_modes {
	WB_SYNC_NONE,
	WB_SYNC_ALL,
};

struct writeback_control {
	long nr_to_write;
	enum writeback_sync_modes sync_mode;
	unsigned for_reclaim:1;
};

struct page;
struct folio;
struct address_space;

typedef int (*writepage_t)(struct page *page, struct writeback_control *wbc, void *data);

int write_cache_pages(struct address_space *mapping, struct writeback_control *wbc, writepage_t writepage, void *data);

int redirty_page_for_writepage(struct writeback_control *wbc, struct page *page);
bool folio_redirty_for_writepage(struct writeback_control *wbc, struct folio *folio);

#endif
