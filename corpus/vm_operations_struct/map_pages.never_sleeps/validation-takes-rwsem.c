// SPDX-License-Identifier: GPL-2.0-only
/// The mapping is validated under a semaphore before its pages are mapped.
// Kernel: 6.12
// Fixable: no
// Source: shape of the code before 0050d7f5ee53 ("afs: split afs_pagecache_valid() out of afs_validate()")
#include <linux/fs.h>

struct alder_node {
	struct rw_semaphore validate_lock;
	bool promised;
};

static int alder_validate(struct alder_node *node)
{
	if (node->promised)
		return 0;

	down_write(&node->validate_lock);
	node->promised = true;
	up_write(&node->validate_lock);
	return 0;
}

static vm_fault_t alder_map_pages(struct vm_fault *vmf, pgoff_t first, pgoff_t last)
{
	if (alder_validate(vmf->inode->i_private) < 0)	/* violates: map_pages.never_sleeps */
		return 0;
	return filemap_map_pages(vmf, first, last);
}

const struct vm_operations_struct alder_vm_ops = {
	.map_pages = alder_map_pages,
};
