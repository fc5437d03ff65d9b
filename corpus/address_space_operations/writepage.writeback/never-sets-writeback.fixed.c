// SPDX-License-Identifier: GPL-2.0-only
/// Nothing on any path runs set_page_writeback(): the dirty tag of the page stays behind.
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

static int aster_writepage(struct page *page, struct writeback_control *wbc)
{
	struct address_space *mapping = page->mapping;
	struct inode *inode = mapping->host;
	size_t count = PAGE_SIZE;
	void *buffer;
	int err;

	if (page_offset(page) + PAGE_SIZE > i_size_read(inode))
		count = inode->i_size & (PAGE_SIZE - 1);

	set_page_writeback(page);
	buffer = kmap(page);
	err = store_write(inode, page_offset(page), buffer, count);
	if (err) {
		mapping_set_error(mapping, err);
		goto out;
	}
	inode->i_size = page_offset(page) + count;

out:
	kunmap(page);

	unlock_page(page);
	end_page_writeback(page);
	return err;
}

const struct address_space_operations aster_aops = {
	.writepage = aster_writepage,
};
