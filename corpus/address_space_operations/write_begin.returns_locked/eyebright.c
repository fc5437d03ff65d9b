// SPDX-License-Identifier: GPL-2.0-only
/// One label gives both back, and the success way sets *pagep before it is known to be one.
#include <linux/pagemap.h>
#include <linux/store.h>

static int eyebright_write_begin(struct file *file, struct address_space *mapping, loff_t pos, unsigned int len,
				 struct page **pagep, void **fsdata)
{
	struct page *page = grab_cache_page_write_begin(mapping, pos >> PAGE_SHIFT);
	int err = 0;

	*pagep = page;
	if (!page)
		return -ENOMEM;	/* ok: write_begin.returns_locked */
	if (!PageUptodate(page) && len < PAGE_SIZE)
		err = store_read(mapping->host, pos, page_address(page), PAGE_SIZE);
	if (!err)
		return 0;	/* ok: write_begin.returns_locked */
	*pagep = NULL;
	unlock_page(page);
	put_page(page);
	return err;	/* ok: write_begin.returns_locked */
}

const struct address_space_operations eyebright_aops = {
	.write_begin = eyebright_write_begin,
};
