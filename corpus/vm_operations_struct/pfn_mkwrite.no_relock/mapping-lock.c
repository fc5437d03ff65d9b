// SPDX-License-Identifier: GPL-2.0-only
/// invalidate_lock of the file is another lock.
// Kernel: 6.8
#include <linux/mm.h>

static vm_fault_t broom_pfn_mkwrite(struct vm_fault *vmf)
{
	struct address_space *mapping = file_inode(vmf->vma->vm_file)->i_mapping;

	filemap_invalidate_lock(mapping);	/* ok: pfn_mkwrite.no_relock */
	mark_inode_dirty(mapping->host);
	filemap_invalidate_unlock(mapping);
	return VM_FAULT_NOPAGE;
}

const struct vm_operations_struct broom_vm_ops = {
	.pfn_mkwrite = broom_pfn_mkwrite,
};
