// SPDX-License-Identifier: GPL-2.0-only
/// The inode of the file is the one that is locked.
// Kernel: 6.8
// Fixable: no
#include <linux/pagemap.h>

static int thistle_write_end(struct file *file, struct address_space *mapping, loff_t pos, unsigned int len,
			     unsigned int copied, struct page *page, void *fsdata)
{
	struct inode *inode = file_inode(file);

	inode_lock(inode);	/* violates: write_end.no_relock */
	mark_inode_dirty(inode);
	inode_unlock(inode);
	return generic_write_end(file, mapping, pos, len, copied, page, fsdata);
}

const struct address_space_operations thistle_aops = {
	.write_end = thistle_write_end,
};
