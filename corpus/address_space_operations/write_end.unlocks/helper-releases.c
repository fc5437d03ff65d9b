// SPDX-License-Identifier: GPL-2.0-only
/// A helper that both exits share unlocks the page and drops it.
#include <linux/pagemap.h>
#include <linux/store.h>

static void umbel_release(struct page *page)
{
	unlock_page(page);
	put_page(page);
}

static int umbel_write_end(struct file *file, struct address_space *mapping, loff_t pos, unsigned int len,
			   unsigned int copied, struct page *page, void *fsdata)
{
	int err;

	err = store_write(mapping->host, pos, page_address(page), copied);
	umbel_release(page);
	if (err)
		return err;	/* ok: write_end.unlocks */
	return copied;		/* ok: write_end.unlocks */
}

const struct address_space_operations umbel_aops = {
	.write_end = umbel_write_end,
};
