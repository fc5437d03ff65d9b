/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_BOTH_H
#define _LINUX_BOTH_H

struct orchard;
struct page;
struct folio;

struct orchard_operations {
	int (*read_folio)(struct orchard *orchard, struct folio *folio);
	int (*read_page)(struct orchard *orchard, struct page *page);
};

#endif
