// SPDX-License-Identifier: GPL-2.0-only
/// The helper gets the page, but neither unlocks it nor passes it on.
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

static int hazel_pack(struct page *page, void *buffer)
{
	u8 *data = kmap(page);

	if (data[0] == 0xff) {
		kunmap(page);
		return -EUCLEAN;
	}
	memcpy(buffer, data, PAGE_SIZE);
	kunmap(page);
	return 0;
}

static int hazel_writepage(struct page *page, struct writeback_control *wbc)
{
	struct inode *inode = page->mapping->host;
	int err;

	err = hazel_pack(page, inode->i_private);
	if (err)
		return err;	/* violates: writepage.unlocks, writepage.writeback */

	set_page_writeback(page);
	unlock_page(page);
	err = store_write(inode, page_offset(page), inode->i_private, PAGE_SIZE);
	mapping_set_error(page->mapping, err);
	end_page_writeback(page);
	return err;
}

const struct address_space_operations hazel_aops = {
	.writepage = hazel_writepage,
};
