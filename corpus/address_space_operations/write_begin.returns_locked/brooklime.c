// SPDX-License-Identifier: GPL-2.0-only
/// Read mode may come back without a page; the method asks for write mode, and a constant reaches the helper.
#include <linux/pagemap.h>
#include <linux/store.h>

enum brooklime_mode { BROOKLIME_READ, BROOKLIME_WRITE };

static int brooklime_page(struct address_space *mapping, pgoff_t index, struct page **pagep, enum brooklime_mode mode)
{
	struct page *page = grab_cache_page_write_begin(mapping, index);

	if (!page)
		return -ENOMEM;
	if (mode == BROOKLIME_READ && !PageUptodate(page)) {
		unlock_page(page);
		put_page(page);
		return 0;	/* ok: write_begin.returns_locked */
	}
	if (store_reserve(mapping->host, PAGE_SIZE)) {
		unlock_page(page);
		return -EIO;	/* violates: write_begin.returns_locked */
	}
	*pagep = page;
	return 0;	/* ok: write_begin.returns_locked */
}

static int brooklime_write_begin(struct file *file, struct address_space *mapping, loff_t pos, unsigned int len,
				 struct page **pagep, void **fsdata)
{
	return brooklime_page(mapping, pos >> PAGE_SHIFT, pagep, BROOKLIME_WRITE);
}

const struct address_space_operations brooklime_aops = {
	.write_begin = brooklime_write_begin,
};
