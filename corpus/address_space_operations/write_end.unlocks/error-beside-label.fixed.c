// SPDX-License-Identifier: GPL-2.0-only
/// The error of the store returns past the label that unlocks the page and drops it.
#include <linux/pagemap.h>
#include <linux/store.h>

static int sage_write_end(struct file *file, struct address_space *mapping, loff_t pos, unsigned int len,
			  unsigned int copied, struct page *page, void *fsdata)
{
	struct inode *inode = mapping->host;
	int err;

	if (!copied) {
		err = 0;
		goto out;
	}

	err = store_write(inode, pos, page_address(page), copied);
	if (err)
		goto out;

	if (pos + copied > i_size_read(inode))
		i_size_write(inode, pos + copied);
	err = copied;
out:
	unlock_page(page);
	put_page(page);
	return err;
}

const struct address_space_operations sage_aops = {
	.write_end = sage_write_end,
};
