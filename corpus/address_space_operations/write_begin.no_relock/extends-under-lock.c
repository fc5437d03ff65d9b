// SPDX-License-Identifier: GPL-2.0-only
/// write(2) holds i_rwsem of the inode that is written.
// Kernel: 6.8
// Fixable: no
#include <linux/pagemap.h>

static int teasel_write_begin(struct file *file, struct address_space *mapping, loff_t pos, unsigned int len,
			      struct page **pagep, void **fsdata)
{
	struct inode *inode = mapping->host;

	if (pos + len > inode->i_size) {
		inode_lock(inode);	/* violates: write_begin.no_relock */
		inode->i_size = pos + len;
		inode_unlock(inode);
	}
	return generic_write_begin(file, mapping, pos, len, pagep, fsdata);
}

const struct address_space_operations teasel_aops = {
	.write_begin = teasel_write_begin,
};
