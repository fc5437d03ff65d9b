// SPDX-License-Identifier: GPL-2.0-only
/// The page was found without its lock, and may have been truncated before it was locked.
// Kernel: 6.8
// Fixable: no
#include <linux/mm.h>

static vm_fault_t saffron_fault(struct vm_fault *vmf)
{
	struct page *page = find_get_page(vmf->vma->vm_file->f_mapping, vmf->pgoff);

	if (!page)
		return VM_FAULT_SIGBUS;	/* ok: fault.returns_locked */
	lock_page(page);	/* violates: fault.must_call moderate */
	vmf->page = page;
	return VM_FAULT_LOCKED;	/* violates: fault.returns_locked moderate */
}

const struct vm_operations_struct saffron_vm_ops = {
	.fault = saffron_fault,
};
