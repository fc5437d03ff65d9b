// SPDX-License-Identifier: GPL-2.0-only
/// Two pages, and the lock of the wrong one is given up for good: the caller gets its own unlocked.
// Fixable: no
#include <linux/pagemap.h>
#include <linux/store.h>

static int accentor_write_begin(struct file *file, struct address_space *mapping, loff_t pos, unsigned int len,
				struct page **pagep, void **fsdata)
{
	struct page *page, *tail;

	page = grab_cache_page_write_begin(mapping, pos >> PAGE_SHIFT);
	if (!page)
		return -ENOMEM;
	*pagep = page;
	if (!PageUptodate(page)) {
		unlock_page(page);
		tail = grab_cache_page_write_begin(mapping, i_size_read(mapping->host) >> PAGE_SHIFT);
		if (!tail) {
			put_page(page);
			return -ENOMEM;
		}
		store_read(mapping->host, page_offset(tail), page_address(tail), PAGE_SIZE);
		unlock_page(tail);
		put_page(tail);
	}
	return 0;	/* violates: write_begin.returns_locked */
}

const struct address_space_operations accentor_aops = {
	.write_begin = accentor_write_begin,
};
