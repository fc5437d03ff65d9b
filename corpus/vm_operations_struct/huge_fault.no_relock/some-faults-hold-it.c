// SPDX-License-Identifier: GPL-2.0-only
/// A fault may come with mmap_lock or without.
// Kernel: 6.8
// Fixable: no
#include <linux/mm.h>

static vm_fault_t betony_huge_fault(struct vm_fault *vmf, unsigned int order)
{
	mmap_write_lock(vmf->vma->vm_mm);	/* violates: huge_fault.no_relock low */
	vmf->vma->vm_flags |= order;
	mmap_write_unlock(vmf->vma->vm_mm);
	return VM_FAULT_FALLBACK;
}

const struct vm_operations_struct betony_vm_ops = {
	.huge_fault = betony_huge_fault,
};
