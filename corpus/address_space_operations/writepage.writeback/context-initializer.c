// SPDX-License-Identifier: GPL-2.0-only
/// The page travels in the initializer of a context that is passed by address.
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

struct nutmeg_context {
	struct writeback_control *wbc;
	struct page *page;
};

static int nutmeg_write(struct nutmeg_context *context)
{
	struct page *page = context->page;
	int err;

	set_page_writeback(page);
	unlock_page(page);
	err = store_write(page->mapping->host, page_offset(page), page_address(page), PAGE_SIZE);
	mapping_set_error(page->mapping, err);
	end_page_writeback(page);
	return err;
}

static int nutmeg_writepage(struct page *page, struct writeback_control *wbc)
{
	struct nutmeg_context context = {
		.wbc = wbc,
		.page = page,
	};
	int err;

	err = nutmeg_write(&context);
	return err;		/* ok: writepage.unlocks, writepage.writeback */
}

const struct address_space_operations nutmeg_aops = {
	.writepage = nutmeg_writepage,
};
