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

struct folio {
	union {
		struct {
			unsigned long flags;
			struct address_space *mapping;
			pgoff_t index;
		};
		struct page page;
	};
};

struct readahead_control {
	struct file *file;
	struct address_space *mapping;
};

#define page_folio(p) ((struct folio *)(p))

int PageUptodate(struct page *page);
int PageError(struct page *page);
void SetPageUptodate(struct page *page);
void ClearPageUptodate(struct page *page);
void SetPageError(struct page *page);
void ClearPageError(struct page *page);

struct page *grab_cache_page_write_begin(struct address_space *mapping, pgoff_t index);
struct page *grab_cache_page_nowait(struct address_space *mapping, pgoff_t index);
struct page *find_get_page(struct address_space *mapping, pgoff_t index);
struct page *find_lock_page(struct address_space *mapping, pgoff_t index);
void lock_page(struct page *page);
int lock_page_killable(struct page *page);
void unlock_page(struct page *page);
void get_page(struct page *page);
void put_page(struct page *page);
void set_page_writeback(struct page *page);
void end_page_writeback(struct page *page);
int set_page_dirty(struct page *page);
int clear_page_dirty_for_io(struct page *page);
void cancel_dirty_page(struct page *page);
void zero_user_segment(struct page *page, unsigned int start, unsigned int end);
void *page_address(const struct page *page);
void wait_on_page_writeback(struct page *page);
bool PageFsCache(struct page *page);
int wait_on_page_fscache_killable(struct page *page);
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

bool folio_test_uptodate(struct folio *folio);
void folio_mark_uptodate(struct folio *folio);
void folio_clear_uptodate(struct folio *folio);
void folio_set_error(struct folio *folio);
void folio_lock(struct folio *folio);
int folio_lock_killable(struct folio *folio);
int folio_wait_writeback_killable(struct folio *folio);
void folio_attach_private(struct folio *folio, void *data);
void folio_unlock(struct folio *folio);
void folio_put(struct folio *folio);
void folio_get(struct folio *folio);
void *folio_address(const struct folio *folio);
void folio_start_writeback(struct folio *folio);
void folio_end_writeback(struct folio *folio);
bool folio_mark_dirty(struct folio *folio);
size_t folio_size(struct folio *folio);
struct folio *readahead_folio(struct readahead_control *rac);
struct folio *filemap_get_folio(struct address_space *mapping, pgoff_t index);
struct folio *filemap_grab_folio(struct address_space *mapping, pgoff_t index);

static inline loff_t folio_pos(struct folio *folio)
{
	return (loff_t)folio->index << PAGE_SHIFT;
}

static inline void *kmap_local_folio(struct folio *folio, size_t offset)
{
	return (u8 *)page_address(&folio->page) + offset;
}

static inline void kunmap_local(const void *address)
{
	(void)address;
}

#endif
