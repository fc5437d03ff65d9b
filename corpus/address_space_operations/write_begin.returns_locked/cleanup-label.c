// SPDX-License-Identifier: GPL-2.0-only
/// Every error goes to a label that unlocks and drops the page.
#include <linux/pagemap.h>
#include <linux/store.h>

static int burdock_write_begin(struct file *file, struct address_space *mapping, loff_t pos, unsigned int len,
			       struct page **pagep, void **fsdata)
{
	struct page *page;
	int err;

	page = grab_cache_page_write_begin(mapping, pos >> PAGE_SHIFT);
	if (!page)
		return -ENOMEM;
	*pagep = page;
	err = store_reserve(mapping->host, len);
	if (err)
		goto out;
	err = store_read(mapping->host, pos, page_address(page), len);
	if (err)
		goto out;
	return 0;	/* ok: write_begin.returns_locked */
out:
	unlock_page(page);
	put_page(page);
	*pagep = NULL;
	return err;	/* ok: write_begin.returns_locked */
}

const struct address_space_operations burdock_aops = {
	.write_begin = burdock_write_begin,
};
