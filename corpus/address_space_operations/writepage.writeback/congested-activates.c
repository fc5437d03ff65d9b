// SPDX-License-Identifier: GPL-2.0-only
/// A congested client hands the page back to reclaim, locked as it should be, and no longer dirty.
// Source: shape of the code before b372e96bd0a3 ("ceph: redirty page before returning AOP_WRITEPAGE_ACTIVATE")
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

struct rue_client {
	bool write_congested;
};

static int rue_write_nounlock(struct page *page)
{
	int err;

	set_page_writeback(page);
	err = store_write(page->mapping->host, page_offset(page), page_address(page), PAGE_SIZE);
	mapping_set_error(page->mapping, err);
	end_page_writeback(page);
	return err;
}

static int rue_writepage(struct page *page, struct writeback_control *wbc)
{
	struct rue_client *client = page->mapping->host->i_sb->s_fs_info;
	int err;

	if (wbc->sync_mode == WB_SYNC_NONE && client->write_congested)
		return AOP_WRITEPAGE_ACTIVATE;	/* violates: writepage.writeback */

	err = rue_write_nounlock(page);
	unlock_page(page);
	return err;	/* ok: writepage.writeback */
}

const struct address_space_operations rue_aops = {
	.writepage = rue_writepage,
};
