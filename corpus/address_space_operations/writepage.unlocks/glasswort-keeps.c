// SPDX-License-Identifier: GPL-2.0-only
/// A callback keeps the page for who says so in what it is given beside it; whether anybody does, the page does not tell.
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

struct glasswort_fill {
	unsigned long first;
	int keeps;
};

static int glasswort_fill_page(struct page *page, struct writeback_control *wbc, void *data)
{
	struct glasswort_fill *fill = data;

	if (fill->keeps)
		return -EAGAIN;	/* violates: writepage.unlocks moderate, writepage.writeback moderate */
	if (store_full(page->mapping->host))
		return -ENOSPC;	/* violates: writepage.unlocks, writepage.writeback */
	set_page_writeback(page);
	unlock_page(page);
	mapping_set_error(page->mapping, store_write(page->mapping->host, page_offset(page), page_address(page), PAGE_SIZE));
	end_page_writeback(page);
	return 0;
}

static int glasswort_writepages(struct address_space *mapping, struct writeback_control *wbc)
{
	struct glasswort_fill fill = { .first = 0 };

	return write_cache_pages(mapping, wbc, glasswort_fill_page, &fill);
}

const struct address_space_operations glasswort_aops = {
	.writepages = glasswort_writepages,
};
