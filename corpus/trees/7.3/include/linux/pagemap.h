/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_PAGEMAP_H
#define _LINUX_PAGEMAP_H

#include <linux/fs.h>
#include <linux/writeback.h>

struct folio {
	struct address_space *mapping;
	pgoff_t index;
	void *private;
};

typedef int (*get_block_t)(struct inode *inode, sector_t block, void *result, int create);

void folio_unlock(struct folio *folio);
void folio_start_writeback(struct folio *folio);
void folio_end_writeback(struct folio *folio);
bool folio_test_checked(const struct folio *folio);
loff_t folio_pos(const struct folio *folio);
size_t folio_size(const struct folio *folio);
void *kmap_local_folio(struct folio *folio, size_t offset);
void kunmap_local(const void *address);
void mapping_set_error(struct address_space *mapping, int error);
struct folio *writeback_iter(struct address_space *mapping, struct writeback_control *wbc, struct folio *folio,
			     int *error);
int __mpage_writepages(struct address_space *mapping, struct writeback_control *wbc, get_block_t get_block,
		       int (*write_folio)(struct folio *folio, struct writeback_control *wbc));
int generic_write(struct inode *inode, loff_t pos, const void *data, size_t count);

#endif
