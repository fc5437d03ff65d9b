// SPDX-License-Identifier: GPL-2.0-only
/// The buffers of the page are collected and read; the last one that completes unlocks the page.
// Source: the shape of ntfs_read_block() of 6.1.176
#include <linux/pagemap.h>
#include <linux/buffer_head.h>

struct buffer_head *page_buffers(struct page *page);
void submit_bh(int op, struct buffer_head *bh);

static int buffers_read_folio(struct file *file, struct folio *folio)
{
	struct page *page = &folio->page;
	struct buffer_head *bh = page_buffers(page), *reads[8];
	int count = 0;

	reads[count++] = bh;
	if (PageUptodate(page))
		count = 0;
	if (count) {
		struct buffer_head *one = reads[0];

		submit_bh(0, one);
		return 0; /* ok: read_folio.unlocks */
	}
	unlock_page(page);
	return 0; /* ok: read_folio.unlocks */
}

static const struct address_space_operations buffers_aops = {
	.read_folio = buffers_read_folio,
};
