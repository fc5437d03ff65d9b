// SPDX-License-Identifier: GPL-2.0-only
/// The method only delegates; the function that took over the page is to blame, under its own names.
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

static int iris_write_locked(struct writeback_control *control, struct page *pg, bool packed)
{
	struct inode *host = pg->mapping->host;
	int err;

	if (packed)
		return -EINVAL;	/* violates: writepage.unlocks, writepage.writeback */

	set_page_writeback(pg);
	unlock_page(pg);
	err = store_write(host, page_offset(pg), page_address(pg), PAGE_SIZE);
	mapping_set_error(pg->mapping, err);
	end_page_writeback(pg);
	return err;
}

static int iris_writepage(struct page *page, struct writeback_control *wbc)
{
	return iris_write_locked(wbc, page, page->mapping->host->i_private);	/* ok: writepage.unlocks */
}

const struct address_space_operations iris_aops = {
	.writepage = iris_writepage,
};
