// SPDX-License-Identifier: GPL-2.0-only
/// The semaphore is taken by its member.
// Kernel: 6.8
// Fixable: no
#include <linux/mm.h>

static vm_fault_t broom_pfn_mkwrite(struct vm_fault *vmf)
{
	struct mm_struct *mm = vmf->vma->vm_mm;

	down_write(&mm->mmap_lock);	/* violates: pfn_mkwrite.no_relock */
	mm->pinned_vm++;
	up_write(&mm->mmap_lock);
	return VM_FAULT_NOPAGE;
}

const struct vm_operations_struct broom_vm_ops = {
	.pfn_mkwrite = broom_pfn_mkwrite,
};
