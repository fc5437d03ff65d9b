// SPDX-License-Identifier: GPL-2.0-only
/// The refusal is one arm of a switch.
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

enum fern_mode { FERN_PLAIN, FERN_PACKED, FERN_SEALED };

static int fern_writepage(struct page *page, struct writeback_control *wbc)
{
	struct inode *inode = page->mapping->host;
	enum fern_mode *mode = inode->i_private;
	size_t len;
	int err;

	switch (*mode) {
	case FERN_PLAIN:
		len = PAGE_SIZE;
		break;
	case FERN_PACKED:
		len = PAGE_SIZE / 2;
		break;
	default:
		set_page_writeback(page);
		unlock_page(page);
		end_page_writeback(page);
		return -EROFS;
	}

	set_page_writeback(page);
	unlock_page(page);
	err = store_write(inode, page_offset(page), page_address(page), len);
	mapping_set_error(page->mapping, err);
	end_page_writeback(page);
	return err;
}

const struct address_space_operations fern_aops = {
	.writepage = fern_writepage,
};
