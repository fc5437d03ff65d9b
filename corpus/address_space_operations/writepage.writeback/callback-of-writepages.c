// SPDX-License-Identifier: GPL-2.0-only
/// What write_cache_pages() calls for each page owes what ->writepage owes; three ways lead to one exit.
// Source: the shape of fuse_writepages_fill() of 6.1 and 6.12
#include <linux/pagemap.h>
#include <linux/writeback.h>
#include <linux/store.h>

static int callback_fill(struct page *page, struct writeback_control *wbc, void *data)
{
	struct store *store = data;
	int err = -EIO;

	if (!store)
		goto out_unlock;
	err = -ENOMEM;
	if (store_reserve(page->mapping->host, PAGE_SIZE)) {
		store_close(store);
		goto out_unlock;
	}
	set_page_writeback(page);
	err = store_write(page->mapping->host, page_offset(page), page_address(page), PAGE_SIZE);
	end_page_writeback(page);
out_unlock:
	unlock_page(page);
	return err; /* violates: writepage.writeback */
}

static int callback_fill_well(struct page *page, struct writeback_control *wbc, void *data)
{
	struct store *store = data;

	if (!store) {
		redirty_page_for_writepage(wbc, page);
		unlock_page(page);
		return -EIO; /* ok: writepage.writeback, writepage.unlocks */
	}
	set_page_writeback(page);
	unlock_page(page);
	end_page_writeback(page);
	return 0; /* ok: writepage.writeback */
}

static int callback_writepages(struct address_space *mapping, struct writeback_control *wbc)
{
	write_cache_pages(mapping, wbc, callback_fill_well, 0);
	return write_cache_pages(mapping, wbc, callback_fill, mapping->host);
}

static const struct address_space_operations callback_aops = {
	.writepages = callback_writepages,
};
