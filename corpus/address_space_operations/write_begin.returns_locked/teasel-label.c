// SPDX-License-Identifier: GPL-2.0-only
/// Several returns keep the same: one label gives it back, and what failed before the page was taken stays as it is.
#include <linux/pagemap.h>
#include <linux/store.h>

static int teasel_write_begin(struct file *file, struct address_space *mapping, loff_t pos, unsigned int len,
			      struct page **pagep, void **fsdata)
{
	struct page *page;
	void *range;
	int ret;

	ret = store_reserve(mapping->host, len);
	if (ret)
		return ret;
	page = grab_cache_page_write_begin(mapping, pos >> PAGE_SHIFT);
	if (!page)
		return -ENOMEM;
	*pagep = page;

	if (!PageUptodate(page)) {
		ret = store_read(mapping->host, page_offset(page), page_address(page), PAGE_SIZE);
		if (ret)
			return ret;	/* violates: write_begin.returns_locked */
	}

	range = kmalloc(len, GFP_KERNEL);
	if (!range)
		return -ENOMEM;	/* violates: write_begin.returns_locked */
	*fsdata = range;
	return 0;
}

const struct address_space_operations teasel_aops = {
	.write_begin = teasel_write_begin,
};
