// SPDX-License-Identifier: GPL-2.0-only
/// The page is grabbed into a field of the context, and a failing read gives back the reference but not the lock.
// Fixable: no
#include <linux/pagemap.h>
#include <linux/store.h>

struct speedwell_ctx {
	struct page *page;
	loff_t pos;
};

static int speedwell_write_begin(struct file *file, struct address_space *mapping, loff_t pos, unsigned int len,
				 struct page **pagep, void **fsdata)
{
	struct speedwell_ctx ctx = { .pos = pos };
	int err;

	ctx.page = grab_cache_page_write_begin(mapping, pos >> PAGE_SHIFT);
	if (!ctx.page)
		return -ENOMEM;	/* ok: write_begin.returns_locked */
	if (!PageUptodate(ctx.page)) {
		err = store_read(mapping->host, pos, page_address(ctx.page), PAGE_SIZE);
		if (err) {
			put_page(ctx.page);
			return err;	/* violates: write_begin.returns_locked */
		}
	}
	*pagep = ctx.page;
	return 0;	/* ok: write_begin.returns_locked */
}

const struct address_space_operations speedwell_aops = {
	.write_begin = speedwell_write_begin,
};
