// SPDX-License-Identifier: GPL-2.0-only
/// The semaphore is only tried: without it, no page is mapped.
// Kernel: 6.12
#include <linux/fs.h>

struct beech_node {
	struct rw_semaphore map_lock;
};

static vm_fault_t beech_map_pages(struct vm_fault *vmf, pgoff_t first, pgoff_t last)
{
	struct beech_node *node = vmf->inode->i_private;
	vm_fault_t ret;

	if (!down_read_trylock(&node->map_lock))	/* ok: map_pages.never_sleeps */
		return 0;
	ret = filemap_map_pages(vmf, first, last);
	up_read(&node->map_lock);
	return ret;
}

const struct vm_operations_struct beech_vm_ops = {
	.map_pages = beech_map_pages,
};
