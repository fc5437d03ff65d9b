// SPDX-License-Identifier: GPL-2.0-only
/// The page that a helper hands out goes on to the caller under another name; a page that it keeps for itself does not.
// Fixable: no
#include <linux/pagemap.h>
#include <linux/store.h>

static int bistort_page(struct address_space *mapping, pgoff_t index, struct page **out)
{
	struct page *page = grab_cache_page_write_begin(mapping, index);

	if (!page)
		return -ENOMEM;	/* ok: write_begin.returns_locked */
	if (store_reserve(mapping->host, PAGE_SIZE)) {
		put_page(page);
		return -EIO;	/* violates: write_begin.returns_locked */
	}
	*out = page;
	return 0;	/* ok: write_begin.returns_locked */
}

static int bistort_write_begin(struct file *file, struct address_space *mapping, loff_t pos, unsigned int len,
			       struct page **pagep, void **fsdata)
{
	struct page *page;
	int err = bistort_page(mapping, pos >> PAGE_SHIFT, &page);

	if (err)
		return err;	/* ok: write_begin.returns_locked */
	*pagep = page;
	return 0;	/* ok: write_begin.returns_locked */
}

const struct address_space_operations bistort_aops = {
	.write_begin = bistort_write_begin,
};
