// SPDX-License-Identifier: GPL-2.0-only
/// Each page is unlocked before the next one is taken, or there is none; one of the two loops forgets one.
// Fixable: no
#include <linux/pagemap.h>
#include <linux/store.h>

struct dunlin_request {
	struct page *page;
	struct inode *inode;
};

static int dunlin_fill(struct dunlin_request *request)
{
	struct page *page = request->page;

	if (store_read(request->inode, page_offset(page), page_address(page), PAGE_SIZE))
		return -EIO;
	SetPageUptodate(page);
	unlock_page(page);
	return 0;
}

static void dunlin_readahead(struct readahead_control *rac)
{
	struct dunlin_request request = { .inode = rac->mapping->host };
	struct page *page;

	do {
		page = readahead_page(rac);	/* ok: readahead.unlocks */
		if (!page)
			continue;
		request.page = page;
		if (dunlin_fill(&request))
			unlock_page(page);
		put_page(page);
	} while (page);
}	/* ok: readahead.unlocks */

static void dunlin_sealed_readahead(struct readahead_control *rac)
{
	struct dunlin_request request = { .inode = rac->mapping->host };
	struct page *page;

	while ((page = readahead_page(rac)) != NULL) {	/* violates: readahead.unlocks */
		request.page = page;
		if (dunlin_fill(&request))
			goto next;
		put_page(page);
next:
		cond_resched();
	}
}

const struct address_space_operations dunlin_aops = {
	.readahead = dunlin_readahead,
};
const struct address_space_operations dunlin_sealed_aops = {
	.readahead = dunlin_sealed_readahead,
};
