// SPDX-License-Identifier: GPL-2.0-only
/// What fills the page gives it back itself where it fails, and the other never fails.
#include <linux/pagemap.h>
#include <linux/store.h>

static int sandwort_fill(struct page *page, loff_t pos)
{
	if (store_reserve(page->mapping->host, PAGE_SIZE)) {
		unlock_page(page);
		put_page(page);
		return -ENOSPC;
	}
	SetPageUptodate(page);
	return 0;
}

static int sandwort_clear(struct page *page)
{
	zero_user_segment(page, 0, PAGE_SIZE);
	SetPageUptodate(page);
	return 0;
}

static int sandwort_write_begin(struct file *file, struct address_space *mapping, loff_t pos, unsigned int len,
				struct page **pagep, void **fsdata)
{
	struct page *page;

	page = grab_cache_page_write_begin(mapping, pos >> PAGE_SHIFT);
	if (!page)
		return -ENOMEM;
	*pagep = page;
	if (pos >= i_size_read(mapping->host))
		return sandwort_clear(page);	/* ok: write_begin.returns_locked */
	return sandwort_fill(page, pos);	/* ok: write_begin.returns_locked */
}

const struct address_space_operations sandwort_aops = {
	.write_begin = sandwort_write_begin,
};
