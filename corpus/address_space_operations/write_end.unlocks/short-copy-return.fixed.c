// SPDX-License-Identifier: GPL-2.0-only
/// A short copy into a page that is not up to date returns 0 with the page locked and referenced.
#include <linux/pagemap.h>

static int reed_write_end(struct file *file, struct address_space *mapping, loff_t pos, unsigned int len,
			  unsigned int copied, struct page *page, void *fsdata)
{
	struct inode *inode = mapping->host;

	if (copied < len && !PageUptodate(page)) {
		unlock_page(page);
		put_page(page);
		return 0;
	}

	SetPageUptodate(page);
	set_page_dirty(page);
	if (pos + copied > i_size_read(inode))
		i_size_write(inode, pos + copied);
	unlock_page(page);
	put_page(page);
	return copied;
}

const struct address_space_operations reed_aops = {
	.write_end = reed_write_end,
};
