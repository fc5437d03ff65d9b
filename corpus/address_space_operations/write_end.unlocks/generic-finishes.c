// SPDX-License-Identifier: GPL-2.0-only
/// Delegation: the generic method unlocks the page and drops it, on both ways.
#include <linux/buffer_head.h>
#include <linux/pagemap.h>

static int teak_write_end(struct file *file, struct address_space *mapping, loff_t pos, unsigned int len,
			  unsigned int copied, struct page *page, void *fsdata)
{
	struct inode *inode = mapping->host;
	int ret;

	if (!inode->i_private)
		return generic_write_end(file, mapping, pos, len, copied, page, fsdata);	/* ok: write_end.unlocks */

	ret = generic_write_end(file, mapping, pos, len, copied, page, fsdata);
	if (ret < 0)
		return ret;	/* ok: write_end.unlocks */
	mark_inode_dirty(inode);
	return ret;		/* ok: write_end.unlocks */
}

const struct address_space_operations teak_aops = {
	.write_end = teak_write_end,
};
