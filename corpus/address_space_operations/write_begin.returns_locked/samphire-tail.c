// SPDX-License-Identifier: GPL-2.0-only
/// What fills the page fails and leaves it as it is, and the function hands that failure on.
// Fixable: no
#include <linux/pagemap.h>
#include <linux/store.h>

static int samphire_fill(struct page *page, loff_t pos)
{
	if (store_reserve(page->mapping->host, PAGE_SIZE))
		return -ENOSPC;
	zero_user_segment(page, 0, PAGE_SIZE);
	SetPageUptodate(page);
	return 0;
}

static int samphire_write_begin(struct file *file, struct address_space *mapping, loff_t pos, unsigned int len,
				struct page **pagep, void **fsdata)
{
	struct page *page;

	page = grab_cache_page_write_begin(mapping, pos >> PAGE_SHIFT);
	if (!page)
		return -ENOMEM;
	*pagep = page;
	if (PageUptodate(page))
		return 0;	/* ok: write_begin.returns_locked */
	return samphire_fill(page, pos);	/* violates: write_begin.returns_locked */
}

const struct address_space_operations samphire_aops = {
	.write_begin = samphire_write_begin,
};
