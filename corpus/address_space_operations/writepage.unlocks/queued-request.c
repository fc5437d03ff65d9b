// SPDX-License-Identifier: GPL-2.0-only
/// The page goes into a request; whoever completes the request unlocks it.
#include <linux/pagemap.h>
#include <linux/writeback.h>

struct ulex_request {
	struct page *page;
	struct ulex_request *next;
};

static struct ulex_request *ulex_queue;

static int ulex_writepage(struct page *page, struct writeback_control *wbc)
{
	struct ulex_request *request = kmalloc(sizeof(*request), GFP_NOFS);

	if (!request) {
		redirty_page_for_writepage(wbc, page);
		unlock_page(page);
		return -ENOMEM;
	}
	set_page_writeback(page);
	request->page = page;
	request->next = ulex_queue;
	ulex_queue = request;
	return 0;		/* ok: writepage.unlocks, writepage.writeback */
}

const struct address_space_operations ulex_aops = {
	.writepage = ulex_writepage,
};
