// SPDX-License-Identifier: GPL-2.0-only
/// The page is unlocked for a while, and success forgets to lock it again.
// Fixable: no
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
	if (!PageUptodate(page)) {
		unlock_page(page);
		if (store_reserve(mapping->host, len)) {
			put_page(page);
			return -EIO;	/* ok: write_begin.returns_locked */
		}
	}
	return 0;	/* violates: write_begin.returns_locked */
}

const struct address_space_operations burdock_aops = {
	.write_begin = burdock_write_begin,
};
