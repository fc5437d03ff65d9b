/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_PAGEMAP_H
#define _LINUX_PAGEMAP_H

#include <linux/fs.h>

#define PAGE_SHIFT 12
#define PAGE_SIZE (1ul << PAGE_SHIFT)
#define PAGE_MASK (~(PAGE_SIZE - 1))

struct page {
	unsigned long flags;
	struct address_space *mapping;
	pgoff_t index;
};

struct readahead_control {
	struct file *file;
	struct address_space *mapping;
};

int PageUptodate(struct page *page);
int PageError(struct page *page);
void SetPageUptodate(struct page *page);
void ClearPageUptodate(struct page *page);
void SetPageError(struct page *page);
void ClearPageError(struct page *page);

void lock_page(struct page *page);
int trylock_page(struct page *page);
void unlock_page(struct page *page);
void get_page(struct page *page);
void put_page(struct page *page);
void set_page_writeback(struct page *page);
void end_page_writeback(struct page *page);
int set_page_dirty(struct page *page);
void *page_address(const struct page *page);
void mapping_set_error(struct address_space *mapping, int error);
struct page *readahead_page(struct readahead_control *rac);

static inline loff_t page_offset(struct page *page)
{
	return (loff_t)page->index << PAGE_SHIFT;
}

static inline void *kmap(struct page *page)
{
	return page_address(page);
}

static inline void kunmap(struct page *page)
{
	(void)page;
}

#endif
