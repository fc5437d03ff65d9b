// SPDX-License-Identifier: GPL-2.0-only
/// The semaphore of the extents has the same type, and belongs to the file system.
// Kernel: 6.8
#include <linux/pagemap.h>

struct tansy_extents {
	struct rw_semaphore lock;
};

static void tansy_readahead(struct readahead_control *rac)
{
	struct tansy_extents *extents = rac->mapping->host->i_private;

	down_read(&extents->lock);	/* ok: readahead.no_relock */
	generic_readahead(rac);
	up_read(&extents->lock);
}

const struct address_space_operations tansy_aops = {
	.readahead = tansy_readahead,
};
