// SPDX-License-Identifier: GPL-2.0-only
/// A wrapper takes the lock that its argument names, and the wrapper sleeps.
// Kernel: 6.12
// Fixable: no
// Source: shape of xfs_filemap_map_pages() of 6.1; gone upstream by "xfs: remove xfs_filemap_map_pages() wrapper"
#include <linux/fs.h>

#define ASPEN_IO_EXCL 1
#define ASPEN_MAP_SHARED 2

struct aspen_node {
	struct rw_semaphore io_lock;
	struct rw_semaphore map_lock;
};

static void aspen_lock(struct aspen_node *node, unsigned int lock_flags)
{
	if (lock_flags & ASPEN_IO_EXCL)
		down_write(&node->io_lock);
	if (lock_flags & ASPEN_MAP_SHARED)
		down_read(&node->map_lock);
}

static vm_fault_t aspen_map_pages(struct vm_fault *vmf, pgoff_t first, pgoff_t last)
{
	struct aspen_node *node = vmf->inode->i_private;
	vm_fault_t ret;

	aspen_lock(node, ASPEN_MAP_SHARED);	/* violates: map_pages.never_sleeps */
	ret = filemap_map_pages(vmf, first, last);
	up_read(&node->map_lock);
	return ret;
}

const struct vm_operations_struct aspen_vm_ops = {
	.map_pages = aspen_map_pages,
};
