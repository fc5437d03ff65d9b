// SPDX-License-Identifier: GPL-2.0-only
/// The size is written under i_lock.
// Kernel: 6.8
#include <linux/pagemap.h>

static int thistle_write_end(struct file *file, struct address_space *mapping, loff_t pos, unsigned int len,
			     unsigned int copied, struct page *page, void *fsdata)
{
	struct inode *inode = mapping->host;

	spin_lock(&inode->i_lock);	/* ok: write_end.no_relock */
	if (pos + copied > inode->i_size)
		inode->i_size = pos + copied;
	spin_unlock(&inode->i_lock);
	return generic_write_end(file, mapping, pos, len, copied, page, fsdata);
}

const struct address_space_operations thistle_aops = {
	.write_end = thistle_write_end,
};
