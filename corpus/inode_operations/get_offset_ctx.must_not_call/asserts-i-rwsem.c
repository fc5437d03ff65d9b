// SPDX-License-Identifier: GPL-2.0-only
/// The context is looked up without the lock that is asserted.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static struct offset_ctx *gorse_get_offset_ctx(struct inode *inode)
{
	struct offset_ctx *ctx;

	lockdep_assert_held(&inode->i_rwsem);	/* violates: get_offset_ctx.must_not_call moderate */
	ctx = inode->i_private;
	return ctx;
}

const struct inode_operations gorse_iops = {
	.get_offset_ctx = gorse_get_offset_ctx,
};
