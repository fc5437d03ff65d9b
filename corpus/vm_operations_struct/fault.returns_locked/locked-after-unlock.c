// SPDX-License-Identifier: GPL-2.0-only
/// The page is unlocked, and the caller is told that it is locked.
// Kernel: 6.8
// Fixable: no
#include <linux/mm.h>

static vm_fault_t madder_fault(struct vm_fault *vmf)
{
	lock_page(vmf->page);	/* violates: fault.must_call moderate */
	vmf->page->flags |= 1;
	unlock_page(vmf->page);
	return VM_FAULT_LOCKED;	/* violates: fault.returns_locked */
}

const struct vm_operations_struct madder_vm_ops = {
	.fault = madder_fault,
};
