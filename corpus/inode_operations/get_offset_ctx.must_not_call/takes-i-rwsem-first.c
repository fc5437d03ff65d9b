// SPDX-License-Identifier: GPL-2.0-only
/// The context is looked up under the lock taken here.
// Kernel: 6.8
#include <linux/fs.h>

static struct offset_ctx *gorse_get_offset_ctx(struct inode *inode)
{
	struct offset_ctx *ctx;

	down_read(&inode->i_rwsem);
	ctx = inode->i_private;
	up_read(&inode->i_rwsem);	/* ok: get_offset_ctx.must_not_call */
	return ctx;
}

const struct inode_operations gorse_iops = {
	.get_offset_ctx = gorse_get_offset_ctx,
};
