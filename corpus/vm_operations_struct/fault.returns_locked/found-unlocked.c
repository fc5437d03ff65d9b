// SPDX-License-Identifier: GPL-2.0-only
/// One way finds the page locked, the other only finds it.
// Kernel: 6.8
// Fixable: no
#include <linux/mm.h>

static vm_fault_t lovage_fault(struct vm_fault *vmf)
{
	struct address_space *mapping = vmf->vma->vm_file->f_mapping;
	struct page *page;

	if (vmf->pgoff & 1)
		page = find_lock_page(mapping, vmf->pgoff);	/* violates: fault.must_call moderate */
	else
		page = find_get_page(mapping, vmf->pgoff);
	if (!page)
		return VM_FAULT_SIGBUS;	/* ok: fault.returns_locked */
	vmf->page = page;
	return VM_FAULT_LOCKED;	/* violates: fault.returns_locked */
}

static vm_fault_t borage_fault(struct vm_fault *vmf)
{
	struct page *page;

	page = find_lock_page(vmf->vma->vm_file->f_mapping, vmf->pgoff);	/* violates: fault.must_call moderate */
	if (!page)
		return VM_FAULT_SIGBUS;	/* ok: fault.returns_locked */
	vmf->page = page;
	return VM_FAULT_LOCKED;	/* ok: fault.returns_locked */
}

const struct vm_operations_struct lovage_vm_ops = {
	.fault = lovage_fault,
};

const struct vm_operations_struct borage_vm_ops = {
	.fault = borage_fault,
};
