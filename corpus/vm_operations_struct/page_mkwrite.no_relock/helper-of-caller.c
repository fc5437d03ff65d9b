// SPDX-License-Identifier: GPL-2.0-only
/// The helper relies on who holds the lock.
// Kernel: 6.8
#include <linux/mm.h>

static void briar_account(struct vm_area_struct *vma)
{
	vma->vm_mm->pinned_vm++;
}

static vm_fault_t briar_page_mkwrite(struct vm_fault *vmf)
{
	briar_account(vmf->vma);	/* ok: page_mkwrite.no_relock */
	return 0;
}

const struct vm_operations_struct briar_vm_ops = {
	.page_mkwrite = briar_page_mkwrite,
};
