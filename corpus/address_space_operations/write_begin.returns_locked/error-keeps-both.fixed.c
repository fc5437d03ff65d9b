// SPDX-License-Identifier: GPL-2.0-only
/// The error exit leaves the page locked and referenced.
#include <linux/pagemap.h>
#include <linux/store.h>

static int burdock_write_begin(struct file *file, struct address_space *mapping, loff_t pos, unsigned int len,
			       struct page **pagep, void **fsdata)
{
	struct page *page;

	page = grab_cache_page_write_begin(mapping, pos >> PAGE_SHIFT);
	if (!page)
		return -ENOMEM;
	*pagep = page;
	if (store_reserve(mapping->host, len)) {
		unlock_page(page);
		put_page(page);
		return -EIO;
	}
	return 0;
}

const struct address_space_operations burdock_aops = {
	.write_begin = burdock_write_begin,
};
