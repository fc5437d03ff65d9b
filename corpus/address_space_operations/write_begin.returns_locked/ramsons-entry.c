// SPDX-License-Identifier: GPL-2.0-only
/// A value entry of the page cache is no page, so nothing was locked; a page that is there is left locked behind the same call.
// Fixable: no
// Source: the shape of shmem_getpage_gfp() of 5.15
#include <linux/pagemap.h>
#include <linux/store.h>

struct page *find_lock_page(struct address_space *mapping, pgoff_t index);
int xa_is_value(const void *entry);
int ramsons_read_entry(struct inode *inode, loff_t pos);

static int ramsons_write_begin(struct file *file, struct address_space *mapping, loff_t pos, unsigned int len,
			       struct page **pagep, void **fsdata)
{
	struct page *page = find_lock_page(mapping, pos >> PAGE_SHIFT);

	if (!page)
		return -ENOMEM;	/* ok: write_begin.returns_locked */
	if (xa_is_value(page)) {
		if (ramsons_read_entry(mapping->host, pos))
			return -EIO;	/* ok: write_begin.returns_locked */
		return -EAGAIN;	/* ok: write_begin.returns_locked */
	}
	if (store_reserve(mapping->host, PAGE_SIZE)) {
		put_page(page);
		return -ENOSPC;	/* violates: write_begin.returns_locked moderate */
	}
	*pagep = page;
	return 0;	/* ok: write_begin.returns_locked */
}

const struct address_space_operations ramsons_aops = {
	.write_begin = ramsons_write_begin,
};
