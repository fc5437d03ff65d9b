// SPDX-License-Identifier: GPL-2.0-only
/// The callback lets go of the page when it fails, and the label lets go of it once more.
// Fixable: no
// Source: shape of the code before fac47b43c760 ("netfs: do not unlock and put the folio twice")
#include <linux/pagemap.h>
#include <linux/store.h>

static int loquat_check(struct page *page)
{
	int err = store_reserve(page->mapping->host, PAGE_SIZE);

	if (err) {
		unlock_page(page);
		put_page(page);
	}
	return err;
}

static int loquat_write_begin(struct file *file, struct address_space *mapping, loff_t pos, unsigned int len,
			      struct page **pagep, void **fsdata)
{
	struct page *page;
	int err;

	page = grab_cache_page_write_begin(mapping, pos >> PAGE_SHIFT);
	if (!page)
		return -ENOMEM;
	err = loquat_check(page);
	if (err)
		goto error;
	*pagep = page;
	return 0;	/* ok: write_begin.returns_locked */

error:
	unlock_page(page);	/* violates: write_begin.returns_locked */
	put_page(page);
	return err;
}

const struct address_space_operations loquat_aops = {
	.write_begin = loquat_write_begin,
};
