// SPDX-License-Identifier: GPL-2.0-only
/// A helper leaves the page where its argument points, or fails without it; one exit behind it keeps it.
#include <linux/pagemap.h>
#include <linux/store.h>

static int ruff_prepare(struct address_space *mapping, pgoff_t index, struct page **found)
{
	struct page *page = grab_cache_page_write_begin(mapping, index);
	int err;

	if (!page)
		return -ENOMEM;
	err = store_sealed(mapping->host);
	if (err) {
		unlock_page(page);
		put_page(page);
		return -EROFS;
	}
	*found = page;
	return 0;
}

static int ruff_write_begin(struct file *file, struct address_space *mapping, loff_t pos, unsigned int len,
			    struct page **pagep, void **fsdata)
{
	struct page *page = NULL;
	int err;

	err = ruff_prepare(mapping, pos >> PAGE_SHIFT, &page);
	if (err)
		goto out;
	err = store_reserve(mapping->host, len);
	if (err) {
		unlock_page(page);
		put_page(page);
		goto out;
	}
	*pagep = page;
	return 0;
out:
	return err;
}

const struct address_space_operations ruff_aops = {
	.write_begin = ruff_write_begin,
};
