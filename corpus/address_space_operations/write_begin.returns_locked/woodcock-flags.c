// SPDX-License-Identifier: GPL-2.0-only
/// A wrapper may fail on its own; what it takes is told by flags that a variable holds: one locks the page, one does not.
#include <linux/pagemap.h>
#include <linux/store.h>

#define FGP_LOCK 0x02
#define FGP_CREAT 0x04

struct page *pagecache_get_page(struct address_space *mapping, pgoff_t index, int flags, gfp_t mask);
void *ERR_PTR(long error);
long PTR_ERR(const void *pointer);
bool IS_ERR(const void *pointer);

static struct page *woodcock_get(struct address_space *mapping, pgoff_t index, int flags)
{
	if (store_sealed(mapping->host))
		return ERR_PTR(-EROFS);
	return pagecache_get_page(mapping, index, flags, GFP_NOFS);
}

static int woodcock_write_begin(struct file *file, struct address_space *mapping, loff_t pos, unsigned int len,
				struct page **pagep, void **fsdata)
{
	int look = FGP_CREAT, take = FGP_LOCK;
	struct page *page;

	page = woodcock_get(mapping, pos >> PAGE_SHIFT, look);
	if (IS_ERR(page))
		return PTR_ERR(page);		/* ok: write_begin.returns_locked */
	put_page(page);
	if (store_full(mapping->host))
		return -EAGAIN;			/* ok: write_begin.returns_locked */
	take |= FGP_CREAT;
	page = woodcock_get(mapping, pos >> PAGE_SHIFT, take);
	if (IS_ERR(page))
		return PTR_ERR(page);		/* ok: write_begin.returns_locked */
	if (store_reserve(mapping->host, len))
		return -ENOSPC;			/* violates: write_begin.returns_locked */
	*pagep = page;
	return 0;				/* ok: write_begin.returns_locked */
}

const struct address_space_operations woodcock_aops = {
	.write_begin = woodcock_write_begin,
};
