// SPDX-License-Identifier: GPL-2.0-only
/// The failure comes before the page is taken, and once where there is none.
#include <linux/pagemap.h>
#include <linux/store.h>

static int burdock_write_begin(struct file *file, struct address_space *mapping, loff_t pos, unsigned int len,
			       struct page **pagep, void **fsdata)
{
	struct page *page;
	int err;

	err = store_reserve(mapping->host, len);
	if (err)
		return err;	/* ok: write_begin.returns_locked */
	page = grab_cache_page_write_begin(mapping, pos >> PAGE_SHIFT);
	*pagep = page;
	err = -ENOMEM;
	if (!page)
		return err;	/* ok: write_begin.returns_locked */
	return 0;	/* ok: write_begin.returns_locked */
}

const struct address_space_operations burdock_aops = {
	.write_begin = burdock_write_begin,
};
