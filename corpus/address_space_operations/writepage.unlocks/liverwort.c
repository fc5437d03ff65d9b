// SPDX-License-Identifier: GPL-2.0-only
/// The page is in a union of the request, and the helper ends it through the other name.
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

struct liverwort_req {
	union {
		struct page *page;
		struct folio *folio;
	};
	int err;
};

static void liverwort_end(struct liverwort_req *req)
{
	end_page_writeback(req->page);
}

static int liverwort_writepage(struct page *page, struct writeback_control *wbc)
{
	struct liverwort_req req = { .page = page };

	set_page_writeback(page);
	req.err = store_write(page->mapping->host, page_offset(page), page_address(page), PAGE_SIZE);
	if (req.err == -ENOSPC) {
		liverwort_end(&req);
		return req.err;	/* violates: writepage.unlocks */
	}
	unlock_page(page);
	liverwort_end(&req);
	return 0;	/* ok: writepage.unlocks */
}

const struct address_space_operations liverwort_aops = {
	.writepage = liverwort_writepage,
};
