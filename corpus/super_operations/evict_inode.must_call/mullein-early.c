// SPDX-License-Identifier: GPL-2.0-only
/// An inode that was never begun leaves early, and is not cleared; what is done for the file system is done in a helper.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

void clear_inode(struct inode *inode);
void mullein_forget(struct inode *inode);

static void mullein_clear(struct inode *inode)
{
	mullein_forget(inode);
	clear_inode(inode);
}

static void mullein_evict_inode(struct inode *inode)
{
	if (!inode->i_private)
		return;	/* violates: evict_inode.must_call moderate */
	mullein_clear(inode);
}	/* ok: evict_inode.must_call */

const struct super_operations mullein_sops = {
	.evict_inode = mullein_evict_inode,
};
