// SPDX-License-Identifier: GPL-2.0-only
/// The same helper gives back only what was short of memory; the rest of its failures keep the page.
// Fixable: no
#include <linux/pagemap.h>
#include <linux/store.h>

static int toadflax_prepare(struct inode *inode, struct page *page, loff_t pos)
{
	int err = store_read(inode, pos, page_address(page), PAGE_SIZE);

	if (err == -ENOMEM) {
		unlock_page(page);
		put_page(page);
	}
	return err;
}

static int toadflax_write_begin(struct file *file, struct address_space *mapping, loff_t pos, unsigned int len,
				struct page **pagep, void **fsdata)
{
	struct page *page = grab_cache_page_write_begin(mapping, pos >> PAGE_SHIFT);
	int err;

	if (!page)
		return -ENOMEM;	/* ok: write_begin.returns_locked */
	err = toadflax_prepare(mapping->host, page, pos);
	if (err)
		return err;	/* violates: write_begin.returns_locked moderate */
	*pagep = page;
	return 0;	/* ok: write_begin.returns_locked */
}

const struct address_space_operations toadflax_aops = {
	.write_begin = toadflax_write_begin,
};
