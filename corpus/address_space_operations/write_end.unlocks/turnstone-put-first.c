// SPDX-License-Identifier: GPL-2.0-only
/// A short copy drops the page without unlocking it; the unlock comes before the drop, as where all was copied.
#include <linux/pagemap.h>

static int turnstone_write_end(struct file *file, struct address_space *mapping, loff_t pos, unsigned int len,
			       unsigned int copied, struct page *page, void *fsdata)
{
	if (copied < len && !PageUptodate(page)) {
		put_page(page);
		return 0;		/* violates: write_end.unlocks */
	}
	set_page_dirty(page);
	unlock_page(page);
	put_page(page);
	return copied;			/* ok: write_end.unlocks */
}

const struct address_space_operations turnstone_aops = {
	.write_end = turnstone_write_end,
};
