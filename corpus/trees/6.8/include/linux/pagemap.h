/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_PAGEMAP_H
#define _LINUX_PAGEMAP_H

#include <linux/fs.h>

struct readahead_control {
	struct file *file;
	struct address_space *mapping;
};

struct page {
	unsigned long flags;
	struct address_space *mapping;
	pgoff_t index;
};

struct folio {
	struct page page;
	struct address_space *mapping;
	pgoff_t index;
	void *private;
};

struct address_space_operations {
	int (*read_folio)(struct file *file, struct folio *folio);
	bool (*dirty_folio)(struct address_space *mapping, struct folio *folio);
	void (*readahead)(struct readahead_control *rac);
	int (*write_begin)(struct file *file, struct address_space *mapping, loff_t pos, unsigned int len,
			   struct page **pagep, void **fsdata);
	int (*write_end)(struct file *file, struct address_space *mapping, loff_t pos, unsigned int len,
			 unsigned int copied, struct page *page, void *fsdata);
	void (*invalidate_folio)(struct folio *folio, size_t start, size_t len);
	bool (*release_folio)(struct folio *folio, gfp_t gfp);
	void (*free_folio)(struct folio *folio);
	int (*migrate_folio)(struct address_space *mapping, struct folio *dst, struct folio *src, int mode);
	bool (*is_partially_uptodate)(struct folio *folio, size_t from, size_t count);
	int (*error_remove_folio)(struct address_space *mapping, struct folio *folio);
};

struct page *find_get_page(struct address_space *mapping, pgoff_t index);
struct page *find_lock_page(struct address_space *mapping, pgoff_t index);
void folio_lock(struct folio *folio);
bool folio_trylock(struct folio *folio);
void folio_unlock(struct folio *folio);
void *folio_detach_private(struct folio *folio);
bool folio_test_dirty(struct folio *folio);
bool folio_test_uptodate(struct folio *folio);
void folio_copy(struct folio *dst, struct folio *src);
bool filemap_dirty_folio(struct address_space *mapping, struct folio *folio);
struct folio *readahead_folio(struct readahead_control *rac);
int generic_read_folio(struct file *file, struct folio *folio);
void generic_readahead(struct readahead_control *rac);
int generic_write_begin(struct file *file, struct address_space *mapping, loff_t pos, unsigned int len,
			struct page **pagep, void **fsdata);
int generic_write_end(struct file *file, struct address_space *mapping, loff_t pos, unsigned int len,
		      unsigned int copied, struct page *page, void *fsdata);

#endif
