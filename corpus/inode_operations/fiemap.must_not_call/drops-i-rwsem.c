// SPDX-License-Identifier: GPL-2.0-only
/// The inode is unlocked around a wait although nobody locked it.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

void foxglove_wait(void);

static int foxglove_fiemap(struct inode *inode, struct fiemap_extent_info *info, u64 start, u64 len)
{
	int err = 0;

	inode_unlock(inode);	/* violates: fiemap.must_not_call moderate */
	foxglove_wait();
	inode_lock(inode);
	if (start + len > (u64)inode->i_size)
		err = -EINVAL;
	return err;
}

const struct inode_operations foxglove_iops = {
	.fiemap = foxglove_fiemap,
};
