/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_BIO_H
#define _LINUX_BIO_H

#include <linux/types.h>

struct page;
struct folio;

struct bio {
	sector_t bi_sector;
	int bi_status;
	void *bi_private;
	void (*bi_end_io)(struct bio *bio);
};

struct bio *bio_alloc(unsigned int vecs, gfp_t flags);
void bio_put(struct bio *bio);
int bio_add_page(struct bio *bio, struct page *page, unsigned int len, unsigned int offset);
bool bio_add_folio(struct bio *bio, struct folio *folio, size_t len, size_t offset);
void submit_bio(struct bio *bio);

#endif
