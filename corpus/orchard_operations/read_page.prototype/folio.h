/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_FOLIO_H
#define _LINUX_FOLIO_H

struct orchard;
struct page;
struct folio;

struct orchard_operations {
	int (*read_folio)(struct orchard *orchard, struct folio *folio);
	int (*water)(struct orchard *orchard);
};

#endif
