// SPDX-License-Identifier: GPL-2.0-only
/// The helper takes mmap_lock for writing.
// Kernel: 6.8
// Fixable: no
#include <linux/mm.h>

static void briar_account(struct vm_area_struct *vma)
{
	mmap_write_lock(vma->vm_mm);
	vma->vm_mm->pinned_vm++;
	mmap_write_unlock(vma->vm_mm);
}

static vm_fault_t briar_page_mkwrite(struct vm_fault *vmf)
{
	briar_account(vmf->vma);	/* violates: page_mkwrite.no_relock */
	return 0;
}

const struct vm_operations_struct briar_vm_ops = {
	.page_mkwrite = briar_page_mkwrite,
};
