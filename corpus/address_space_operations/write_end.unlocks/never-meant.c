// SPDX-License-Identifier: GPL-2.0-only
/// The table wants an entry, and the function warns whoever comes by it: nobody is meant to.
// Fixable: no
// Source: after an out-of-tree file system whose writes do not go through the page cache
#include <linux/pagemap.h>

static int spurrey_write_end(struct file *file, struct address_space *mapping, loff_t pos, unsigned int len,
			     unsigned int copied, struct page *page, void *fsdata)
{
	static int calls;

	if (calls++ < 16)
		WARN_ON(1);
	return -EIO;	/* violates: write_end.unlocks low */
}

const struct address_space_operations spurrey_aops = {
	.write_end = spurrey_write_end,
};
