// SPDX-License-Identifier: GPL-2.0-only
/// The space is counted in another inode.
// Kernel: 6.8
#include <linux/pagemap.h>

static int teasel_write_begin(struct file *file, struct address_space *mapping, loff_t pos, unsigned int len,
			      struct page **pagep, void **fsdata)
{
	struct inode *quota = mapping->host->i_sb->s_fs_info;

	inode_lock(quota);	/* ok: write_begin.no_relock */
	quota->i_size += len;
	inode_unlock(quota);
	return generic_write_begin(file, mapping, pos, len, pagep, fsdata);
}

const struct address_space_operations teasel_aops = {
	.write_begin = teasel_write_begin,
};
