// SPDX-License-Identifier: GPL-2.0-only
/// Nothing tells whether a translated code is an error; where `*pagep` is not set either, the page is lost whatever it is.
// Fixable: no
#include <linux/pagemap.h>
#include <linux/store.h>

int godwit_code(struct inode *inode, int code);

static int godwit_write_begin(struct file *file, struct address_space *mapping, loff_t pos, unsigned int len,
			      struct page **pagep, void **fsdata)
{
	struct page *page;
	int err = 0;

	page = grab_cache_page_write_begin(mapping, pos >> PAGE_SHIFT);
	if (!page)
		return godwit_code(mapping->host, 0);	/* ok: write_begin.returns_locked */
	if (store_full(mapping->host))
		goto out;
	if (store_reserve(mapping->host, len)) {
		err = store_full(mapping->host);
		unlock_page(page);
		put_page(page);
		return godwit_code(mapping->host, err);	/* ok: write_begin.returns_locked */
	}
	*pagep = page;
	return godwit_code(mapping->host, err);		/* ok: write_begin.returns_locked */
out:
	return godwit_code(mapping->host, err);		/* violates: write_begin.returns_locked */
}

const struct address_space_operations godwit_aops = {
	.write_begin = godwit_write_begin,
};
