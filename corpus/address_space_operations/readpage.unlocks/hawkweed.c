// SPDX-License-Identifier: GPL-2.0-only
/// The page lies in a structure of the function, and in an array; what becomes of it there is seen.
// Kernel: 5.8
#include <linux/pagemap.h>
#include <linux/store.h>

struct hawkweed_read {
	struct page *page;
	int err;
};

static void hawkweed_end(struct hawkweed_read *read)
{
	if (!read->err)
		SetPageUptodate(read->page);
	unlock_page(read->page);
}

static void hawkweed_drop(struct page **pages, unsigned int first)
{
	if (first)
		unlock_page(pages[0]);
}

static int hawkweed_readpage(struct file *file, struct page *page)
{
	struct hawkweed_read read = { .page = page };
	struct page *pages[1];

	pages[0] = page;
	if (!page->mapping->host->i_private) {
		hawkweed_drop(pages, 0);
		return -EIO;	/* violates: readpage.unlocks */
	}
	read.err = store_read(page->mapping->host, page_offset(page), page_address(page), PAGE_SIZE);
	hawkweed_end(&read);
	return read.err;	/* ok: readpage.unlocks */
}

const struct address_space_operations hawkweed_aops = {
	.readpage = hawkweed_readpage,
};
