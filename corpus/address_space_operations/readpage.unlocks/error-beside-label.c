// SPDX-License-Identifier: GPL-2.0-only
/// One error exit returns where its neighbour goes to the label that marks the error and unlocks.
// Kernel: 5.8
#include <linux/pagemap.h>
#include <linux/store.h>

static int nard_readpage(struct file *file, struct page *page)
{
	struct inode *inode = page->mapping->host;
	void *buffer;
	int err;

	err = store_reserve(inode, PAGE_SIZE);
	if (err)
		goto out_error;

	buffer = kmalloc(PAGE_SIZE, GFP_KERNEL);
	if (!buffer)
		return -ENOMEM;	/* violates: readpage.unlocks */

	err = store_read(inode, page_offset(page), buffer, PAGE_SIZE);
	memcpy(page_address(page), buffer, PAGE_SIZE);
	kfree(buffer);
	if (err)
		goto out_error;
	SetPageUptodate(page);
	unlock_page(page);
	return 0;

out_error:
	SetPageError(page);
	unlock_page(page);
	return err;
}

const struct address_space_operations nard_aops = {
	.readpage = nard_readpage,
};
