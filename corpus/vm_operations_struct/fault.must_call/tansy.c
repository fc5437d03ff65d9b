// SPDX-License-Identifier: GPL-2.0-only
/// The page is locked, and truncation is not kept away from it; in the other method the lock comes, but too late.
// Kernel: 6.8
// Fixable: no
#include <linux/mm.h>

static vm_fault_t tansy_fault(struct vm_fault *vmf)
{
	struct page *page = find_lock_page(vmf->vma->vm_file->f_mapping, vmf->pgoff);	/* violates: fault.must_call moderate */

	if (!page)
		return VM_FAULT_OOM;
	vmf->page = page;
	return VM_FAULT_LOCKED;
}

static vm_fault_t mugwort_fault(struct vm_fault *vmf)
{
	struct address_space *mapping = vmf->vma->vm_file->f_mapping;

	struct page *page = vmf->vma->vm_private_data;

	lock_page(page);	/* violates: fault.must_call moderate */
	filemap_invalidate_lock_shared(mapping);
	filemap_invalidate_unlock_shared(mapping);
	if (page->mapping != mapping) {
		unlock_page(page);
		return VM_FAULT_NOPAGE;
	}
	vmf->page = page;
	return VM_FAULT_LOCKED;
}

const struct vm_operations_struct tansy_vm_ops = {
	.fault = tansy_fault,
};

const struct vm_operations_struct mugwort_vm_ops = {
	.fault = mugwort_fault,
};
