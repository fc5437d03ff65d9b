// SPDX-License-Identifier: GPL-2.0-only
/// A helper of the file system unlocks and drops the page on failure.
#include <linux/pagemap.h>
#include <linux/store.h>

static void burdock_cancel(struct page *page)
{
	unlock_page(page);
	put_page(page);
}

static int burdock_write_begin(struct file *file, struct address_space *mapping, loff_t pos, unsigned int len,
			       struct page **pagep, void **fsdata)
{
	struct page *page;

	page = grab_cache_page_write_begin(mapping, pos >> PAGE_SHIFT);
	if (!page)
		return -ENOMEM;
	if (store_reserve(mapping->host, len)) {
		burdock_cancel(page);
		return -EIO;	/* ok: write_begin.returns_locked */
	}
	*pagep = page;
	return 0;	/* ok: write_begin.returns_locked */
}

const struct address_space_operations burdock_aops = {
	.write_begin = burdock_write_begin,
};
