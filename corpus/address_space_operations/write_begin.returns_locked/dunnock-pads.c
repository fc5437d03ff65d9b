// SPDX-License-Identifier: GPL-2.0-only
/// A second page of the file is filled up on the way: it is unlocked and put, and the page of the caller stays as it is.
#include <linux/pagemap.h>
#include <linux/store.h>

static int dunnock_write_begin(struct file *file, struct address_space *mapping, loff_t pos, unsigned int len,
			       struct page **pagep, void **fsdata)
{
	pgoff_t last = i_size_read(mapping->host) >> PAGE_SHIFT;
	struct page *page, *tail;
	int err;

	page = grab_cache_page_write_begin(mapping, pos >> PAGE_SHIFT);
	if (!page)
		return -ENOMEM;
	*pagep = page;

	while (last < page->index) {
		tail = grab_cache_page_write_begin(mapping, last);
		if (!tail) {
			err = -ENOMEM;
			goto fail;
		}
		err = store_read(mapping->host, page_offset(tail), page_address(tail), PAGE_SIZE);
		unlock_page(tail);
		put_page(tail);
		if (err)
			goto fail;
		last++;
	}
	return 0;	/* ok: write_begin.returns_locked */

fail:
	unlock_page(page);
	put_page(page);
	*pagep = NULL;
	return err;
}

const struct address_space_operations dunnock_aops = {
	.write_begin = dunnock_write_begin,
};
