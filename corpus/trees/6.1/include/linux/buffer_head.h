/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_BUFFER_HEAD_H
#define _LINUX_BUFFER_HEAD_H

#include <linux/fs.h>

struct writeback_control;
struct readahead_control;

struct buffer_head {
	void *b_data;
	size_t b_size;
};

struct buffer_head *sb_bread(struct super_block *sb, sector_t block);
void brelse(struct buffer_head *bh);
void mark_buffer_dirty(struct buffer_head *bh);

typedef int (get_block_t)(struct inode *inode, sector_t block, sector_t *result);

int block_write_full_page(struct page *page, get_block_t *get_block, struct writeback_control *wbc);
void mpage_readahead(struct readahead_control *rac, get_block_t *get_block);
int block_read_full_folio(struct folio *folio, get_block_t *get_block);
int generic_write_end(struct file *file, struct address_space *mapping, loff_t pos, unsigned int len,
		      unsigned int copied, struct page *page, void *fsdata);

#endif
