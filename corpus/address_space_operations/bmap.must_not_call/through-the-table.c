// SPDX-License-Identifier: GPL-2.0-only
/// A cache asks for the blocks of its file through the table, once for a page and once for each page of a list.
// Fixable: no
// Source: shape of the code before 10d83e11a582 ("cachefiles: drop direct usage of ->bmap method.")
#include <linux/pagemap.h>

int burnet_read_block(struct inode *inode, sector_t block);

static int burnet_read_page(struct inode *inode, struct page *page)
{
	sector_t block;

	if (!inode->i_mapping->a_ops->bmap)
		return -EIO;
	block = inode->i_mapping->a_ops->bmap(inode->i_mapping, page->index);	/* violates: bmap.must_not_call low */
	return block ? burnet_read_block(inode, block) : -ENOSPC;
}

int burnet_read_pages(struct inode *inode, struct page **pages, unsigned int count)
{
	sector_t block;
	int err = 0;

	while (count-- && !err) {
		block = inode->i_mapping->a_ops->bmap(inode->i_mapping, pages[count]->index);	/* violates: bmap.must_not_call low */
		err = block ? burnet_read_block(inode, block) : burnet_read_page(inode, pages[count]);
	}
	return err;
}
