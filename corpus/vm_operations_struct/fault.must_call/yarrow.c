// SPDX-License-Identifier: GPL-2.0-only
/// The lock comes first, in a helper; and a page that is not returned locked is no page of the mapping.
// Kernel: 6.8
#include <linux/mm.h>

static void yarrow_begin(struct address_space *mapping)
{
	filemap_invalidate_lock_shared(mapping);
}

static vm_fault_t yarrow_fault(struct vm_fault *vmf)
{
	struct address_space *mapping = vmf->vma->vm_file->f_mapping;
	struct page *page;

	yarrow_begin(mapping);
	page = find_lock_page(mapping, vmf->pgoff);	/* ok: fault.must_call */
	filemap_invalidate_unlock_shared(mapping);
	if (!page)
		return VM_FAULT_OOM;
	vmf->page = page;
	return VM_FAULT_LOCKED;
}

static vm_fault_t feverfew_fault(struct vm_fault *vmf)
{
	struct page *page = vmf->vma->vm_private_data;

	lock_page(page);	/* ok: fault.must_call */
	vmf->page = page;
	unlock_page(page);
	return 0;
}

const struct vm_operations_struct yarrow_vm_ops = {
	.fault = yarrow_fault,
};

const struct vm_operations_struct feverfew_vm_ops = {
	.fault = feverfew_fault,
};
