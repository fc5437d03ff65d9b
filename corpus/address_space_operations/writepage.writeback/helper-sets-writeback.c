// SPDX-License-Identifier: GPL-2.0-only
/// A helper starts the writeback and another ends it.
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

static void mint_begin(struct page *page)
{
	set_page_writeback(page);
	unlock_page(page);
}

static void mint_finish(struct page *page, int err)
{
	mapping_set_error(page->mapping, err);
	end_page_writeback(page);
}

static int mint_writepage(struct page *page, struct writeback_control *wbc)
{
	struct inode *inode = page->mapping->host;
	int err;

	mint_begin(page);
	err = store_write(inode, page_offset(page), page_address(page), PAGE_SIZE);
	mint_finish(page, err);
	return err;		/* ok: writepage.unlocks, writepage.writeback */
}

const struct address_space_operations mint_aops = {
	.writepage = mint_writepage,
};
