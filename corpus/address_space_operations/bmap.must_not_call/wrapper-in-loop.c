// SPDX-License-Identifier: GPL-2.0-only
/// The same cache behind the wrapper: one more caller still, and its result is not that of the loop.
// Fixable: no
// Source: shape of the code after c5f9d9db83d9 ("cachefiles: Fix corruption of the return value in cachefiles_read_or_alloc_pages()")
#include <linux/methods.h>
#include <linux/pagemap.h>

int salvia_read_block(struct inode *inode, sector_t block);

int salvia_read_pages(struct inode *inode, struct page **pages, unsigned int count)
{
	sector_t block;
	int err = 0;
	int mapped;

	while (count-- && !err) {
		block = pages[count]->index;
		mapped = bmap(inode, &block);	/* violates: bmap.must_not_call low */
		if (mapped || !block)
			continue;
		err = salvia_read_block(inode, block);
	}
	return err;
}
