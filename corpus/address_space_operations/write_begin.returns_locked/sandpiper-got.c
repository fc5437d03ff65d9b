// SPDX-License-Identifier: GPL-2.0-only
/// A helper of several steps returns the page locked; one exit behind it keeps it, one gives it back, one never had it.
#include <linux/pagemap.h>
#include <linux/store.h>

void *ERR_PTR(long error);
long PTR_ERR(const void *pointer);
bool IS_ERR(const void *pointer);

static struct page *sandpiper_get_page(struct address_space *mapping, pgoff_t index)
{
	struct page *page;

	page = grab_cache_page_write_begin(mapping, index);
	if (!page)
		return ERR_PTR(-ENOMEM);
	if (!PageUptodate(page))
		SetPageUptodate(page);
	return page;
}

static int sandpiper_write_begin(struct file *file, struct address_space *mapping, loff_t pos, unsigned int len,
				 struct page **pagep, void **fsdata)
{
	struct page *page;
	int err;

	page = sandpiper_get_page(mapping, pos >> PAGE_SHIFT);
	if (IS_ERR(page))
		return PTR_ERR(page);	/* ok: write_begin.returns_locked */
	if (store_sealed(mapping->host))
		return -EROFS;		/* violates: write_begin.returns_locked */
	err = store_reserve(mapping->host, len);
	if (err) {
		unlock_page(page);
		put_page(page);
		return err;		/* ok: write_begin.returns_locked */
	}
	*pagep = page;
	return 0;			/* ok: write_begin.returns_locked */
}

const struct address_space_operations sandpiper_aops = {
	.write_begin = sandpiper_write_begin,
};
