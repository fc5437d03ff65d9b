// SPDX-License-Identifier: GPL-2.0-only
/// What validates the mapping, and may take a mutex for that, is asked in a switch.
// Kernel: 6.12
// Fixable: no
// Source: shape of the code before 0050d7f5ee53 ("afs: split afs_pagecache_valid() out of afs_validate()")
#include <linux/fs.h>

struct kapok_node {
	struct mutex validate_lock;
	bool promised;
};

int kapok_fetch_status(struct kapok_node *node);

static int kapok_validate(struct kapok_node *node)
{
	int err = 0;

	if (node->promised)
		return 0;
	mutex_lock(&node->validate_lock);
	if (!node->promised)
		err = kapok_fetch_status(node);
	mutex_unlock(&node->validate_lock);
	return err;
}

static vm_fault_t kapok_map_pages(struct vm_fault *vmf, pgoff_t first, pgoff_t last)
{
	switch (kapok_validate(vmf->inode->i_private)) {	/* violates: map_pages.never_sleeps */
	case 0:
		return filemap_map_pages(vmf, first, last);
	case -ENOMEM:
		return 0x1;
	case -EAGAIN:
		return 0x400;
	default:
		return 0x2;
	}
}

const struct vm_operations_struct kapok_vm_ops = {
	.map_pages = kapok_map_pages,
};
