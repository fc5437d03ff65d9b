// SPDX-License-Identifier: GPL-2.0-only
/// One failure is held for impossible and warned of: a page that it keeps dirty would warn again; the other is redirtied.
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

static struct store *fennel_store(struct inode *inode)
{
	struct store *store = store_open(inode);

	WARN_ON(!store);
	return store;
}

static int fennel_writepage(struct page *page, struct writeback_control *wbc)
{
	struct inode *inode = page->mapping->host;
	struct store *store;
	void *copy;
	int err;

	err = -EIO;
	store = fennel_store(inode);
	if (!store)
		goto unlock;
	err = -ENOMEM;
	copy = kmalloc(PAGE_SIZE, GFP_KERNEL);
	if (!copy) {
		redirty_page_for_writepage(wbc, page);
		goto unlock;
	}
	memcpy(copy, page_address(page), PAGE_SIZE);
	set_page_writeback(page);
	err = store_write(inode, page_offset(page), copy, PAGE_SIZE);
	end_page_writeback(page);
unlock:
	unlock_page(page);
	return err;
}

const struct address_space_operations fennel_aops = {
	.writepage = fennel_writepage,
};
