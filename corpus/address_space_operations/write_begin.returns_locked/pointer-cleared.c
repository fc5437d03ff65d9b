// SPDX-License-Identifier: GPL-2.0-only
/// The callback clears the pointer when it lets go of the page, and the label asks for it.
// Source: shape of the code after fac47b43c760 ("netfs: do not unlock and put the folio twice")
#include <linux/pagemap.h>
#include <linux/store.h>

static int guava_check(struct page **page)
{
	int err = store_reserve((*page)->mapping->host, PAGE_SIZE);

	if (err) {
		unlock_page(*page);
		put_page(*page);
		*page = NULL;
	}
	return err;
}

static int guava_write_begin(struct file *file, struct address_space *mapping, loff_t pos, unsigned int len,
			      struct page **pagep, void **fsdata)
{
	struct page *page;
	int err;

	page = grab_cache_page_write_begin(mapping, pos >> PAGE_SHIFT);
	if (!page)
		return -ENOMEM;
	err = guava_check(&page);
	if (err)
		goto error;
	*pagep = page;
	return 0;	/* ok: write_begin.returns_locked */

error:
	if (page) {
		unlock_page(page);
		put_page(page);
	}
	return err;	/* ok: write_begin.returns_locked */
}

const struct address_space_operations guava_aops = {
	.write_begin = guava_write_begin,
};
