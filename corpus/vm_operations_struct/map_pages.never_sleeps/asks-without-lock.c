// SPDX-License-Identifier: GPL-2.0-only
/// Whether the mapping holds is only looked at; who has to fetch it anew comes by an ordinary fault.
// Kernel: 6.12
// Source: shape of the code after 0050d7f5ee53 ("afs: split afs_pagecache_valid() out of afs_validate()")
#include <linux/fs.h>

struct baobab_node {
	struct mutex validate_lock;
	bool promised;
	bool zapped;
};

static bool baobab_valid(const struct baobab_node *node)
{
	return node->promised && !node->zapped;
}

static vm_fault_t baobab_map_pages(struct vm_fault *vmf, pgoff_t first, pgoff_t last)
{
	if (baobab_valid(vmf->inode->i_private))
		return filemap_map_pages(vmf, first, last);	/* ok: map_pages.never_sleeps */
	return 0;
}

const struct vm_operations_struct baobab_vm_ops = {
	.map_pages = baobab_map_pages,
};
