// SPDX-License-Identifier: GPL-2.0-only
/// The helper that prepares the page gives it back when it fails, one call deeper.
#include <linux/pagemap.h>
#include <linux/store.h>

static void figwort_drop(struct page *page)
{
	unlock_page(page);
	put_page(page);
}

static int figwort_prepare(struct inode *inode, struct page *page, loff_t pos)
{
	int err = store_read(inode, pos, page_address(page), PAGE_SIZE);

	if (err < 0) {
		figwort_drop(page);
		return err;
	}
	SetPageUptodate(page);
	return 0;
}

static int figwort_write_begin(struct file *file, struct address_space *mapping, loff_t pos, unsigned int len,
			       struct page **pagep, void **fsdata)
{
	struct page *page = grab_cache_page_write_begin(mapping, pos >> PAGE_SHIFT);
	int err;

	if (!page)
		return -ENOMEM;	/* ok: write_begin.returns_locked */
	err = figwort_prepare(mapping->host, page, pos);
	if (err)
		return err;	/* ok: write_begin.returns_locked */
	*pagep = page;
	return 0;	/* ok: write_begin.returns_locked */
}

const struct address_space_operations figwort_aops = {
	.write_begin = figwort_write_begin,
};
