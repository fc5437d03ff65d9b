// SPDX-License-Identifier: GPL-2.0-only
/// The reference is dropped before the page is found locked: a second put would free it under its next owner.
#include <linux/pagemap.h>
#include <linux/store.h>

static int figwort_write_end(struct file *file, struct address_space *mapping, loff_t pos, unsigned int len,
			     unsigned int copied, struct page *page, void *fsdata)
{
	put_page(page);
	if (!copied)
		return 0;	/* violates: write_end.unlocks */
	store_write(mapping->host, pos, page_address(page), copied);
	unlock_page(page);
	return copied;	/* ok: write_end.unlocks */
}

const struct address_space_operations figwort_aops = {
	.write_end = figwort_write_end,
};
