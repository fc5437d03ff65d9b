// SPDX-License-Identifier: GPL-2.0-only
/// An exit unlocks the page once more, and a way to another takes its lock again.
// Kernel: 5.8
// Fixable: no
#include <linux/pagemap.h>
#include <linux/store.h>

static int restharrow_readpage(struct file *file, struct page *page)
{
	struct inode *inode = page->mapping->host;
	int err;

	if (!inode->i_private) {
		unlock_page(page);
		err = -EIO;
		goto out;
	}
	if (!PageUptodate(page))
		lock_page(page);	/* violates: readpage.unlocks */
	err = store_read(inode, page_offset(page), page_address(page), PAGE_SIZE);
out:
	unlock_page(page);	/* violates: readpage.unlocks */
	return err;	/* ok: readpage.unlocks */
}

static int restharrow_other_readpage(struct file *file, struct page *page)
{
	struct inode *inode = page->mapping->host;
	int err;

	unlock_page(page);
	err = store_reserve(inode, PAGE_SIZE);
	if (err)
		return err;	/* ok: readpage.unlocks */
	lock_page(page);	/* ok: readpage.unlocks */
	err = store_read(inode, page_offset(page), page_address(page), PAGE_SIZE);
	unlock_page(page);	/* ok: readpage.unlocks */
	return err;
}

const struct address_space_operations restharrow_aops = {
	.readpage = restharrow_readpage,
};

const struct address_space_operations restharrow_other_aops = {
	.readpage = restharrow_other_readpage,
};
