// SPDX-License-Identifier: GPL-2.0-only
/// Readahead runs under invalidate_lock.
// Kernel: 6.8
// Fixable: no
#include <linux/pagemap.h>

static void tansy_readahead(struct readahead_control *rac)
{
	down_write(&rac->mapping->invalidate_lock);	/* violates: readahead.no_relock */
	rac->mapping->host->i_nlink++;
	up_write(&rac->mapping->invalidate_lock);
	generic_readahead(rac);
}

const struct address_space_operations tansy_aops = {
	.readahead = tansy_readahead,
};
