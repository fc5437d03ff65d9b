// SPDX-License-Identifier: GPL-2.0-only
/*
 * Generic methods that file systems delegate to.
 */
#include <linux/bio.h>
#include <linux/buffer_head.h>
#include <linux/fs.h>
#include <linux/pagemap.h>
#include <linux/writeback.h>

static void end_page_write(struct bio *bio)
{
	end_page_writeback(bio->bi_private);
	bio_put(bio);
}

static void end_page_read(struct bio *bio)
{
	struct page *page = bio->bi_private;

	if (!bio->bi_status)
		SetPageUptodate(page);
	unlock_page(page);
	bio_put(bio);
}

static struct bio *map_page(struct inode *inode, struct page *page, get_block_t *get_block)
{
	struct bio *bio = bio_alloc(1, GFP_NOFS);

	if (!bio)
		return NULL;
	if (get_block(inode, page->index, &bio->bi_sector)) {
		bio_put(bio);
		return NULL;
	}
	bio->bi_private = page;
	return bio;
}

int block_write_full_page(struct page *page, get_block_t *get_block, struct writeback_control *wbc)
{
	struct bio *bio = map_page(page->mapping->host, page, get_block);

	if (!bio) {
		redirty_page_for_writepage(wbc, page);
		unlock_page(page);
		return -EIO;
	}
	set_page_writeback(page);
	unlock_page(page);
	bio->bi_end_io = end_page_write;
	bio_add_page(bio, page, PAGE_SIZE, 0);
	submit_bio(bio);
	return 0;
}

static int read_page(struct page *page, get_block_t *get_block)
{
	struct bio *bio = map_page(page->mapping->host, page, get_block);

	if (!bio) {
		SetPageError(page);
		unlock_page(page);
		return -EIO;
	}
	bio->bi_end_io = end_page_read;
	bio_add_page(bio, page, PAGE_SIZE, 0);
	submit_bio(bio);
	return 0;
}

int block_read_full_page(struct page *page, get_block_t *get_block)
{
	return read_page(page, get_block);
}

void mpage_readahead(struct readahead_control *rac, get_block_t *get_block)
{
	struct page *page;

	while ((page = readahead_page(rac))) {
		read_page(page, get_block);
		put_page(page);
	}
}

int generic_write_end(struct file *file, struct address_space *mapping, loff_t pos, unsigned int len,
		      unsigned int copied, struct page *page, void *fsdata)
{
	struct inode *inode = mapping->host;

	if (copied < len && !PageUptodate(page))
		copied = 0;
	set_page_dirty(page);
	if (pos + copied > inode->i_size)
		i_size_write(inode, pos + copied);
	unlock_page(page);
	put_page(page);
	return copied;
}
