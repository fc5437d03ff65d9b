// SPDX-License-Identifier: GPL-2.0-only
/// The length is compared with the size under the lock taken here.
// Kernel: 6.8
#include <linux/fs.h>

static int foxglove_fiemap(struct inode *inode, struct fiemap_extent_info *info, u64 start, u64 len)
{
	int err = 0;

	inode_lock(inode);
	if (start + len > (u64)inode->i_size)
		err = -EINVAL;
	inode_unlock(inode);	/* ok: fiemap.must_not_call */
	return err;
}

const struct inode_operations foxglove_iops = {
	.fiemap = foxglove_fiemap,
};
