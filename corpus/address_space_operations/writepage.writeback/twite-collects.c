// SPDX-License-Identifier: GPL-2.0-only
/// What collects pages may end the writeback of those that it took; that success has a name and is not the last return is no matter.
// Fixable: no
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

bool twite_collect(struct inode *inode, struct page *page);

static int twite_writepage(struct page *page, struct writeback_control *wbc)
{
	struct inode *inode = page->mapping->host;
	int err = 0;

	if (!twite_collect(inode, page)) {
		err = -ENOMEM;
		goto again;
	}
	set_page_writeback(page);
	return err;	/* violates: writepage.writeback low */

again:
	redirty_page_for_writepage(wbc, page);
	unlock_page(page);
	return err;	/* ok: writepage.writeback */
}

const struct address_space_operations twite_aops = { .writepage = twite_writepage };
