// SPDX-License-Identifier: GPL-2.0-only
/// A congested client redirties the page and hands it back to reclaim, locked as it should be.
// Source: shape of the code after b372e96bd0a3 ("ceph: redirty page before returning AOP_WRITEPAGE_ACTIVATE")
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

struct lovage_client {
	bool write_congested;
};

static int lovage_write_nounlock(struct page *page)
{
	int err;

	set_page_writeback(page);
	err = store_write(page->mapping->host, page_offset(page), page_address(page), PAGE_SIZE);
	mapping_set_error(page->mapping, err);
	end_page_writeback(page);
	return err;
}

static int lovage_writepage(struct page *page, struct writeback_control *wbc)
{
	struct lovage_client *client = page->mapping->host->i_sb->s_fs_info;
	int err;

	if (wbc->sync_mode == WB_SYNC_NONE && client->write_congested) {
		redirty_page_for_writepage(wbc, page);
		return AOP_WRITEPAGE_ACTIVATE;	/* ok: writepage.writeback, writepage.unlocks */
	}

	err = lovage_write_nounlock(page);
	unlock_page(page);
	return err;	/* ok: writepage.writeback */
}

const struct address_space_operations lovage_aops = {
	.writepage = lovage_writepage,
};
