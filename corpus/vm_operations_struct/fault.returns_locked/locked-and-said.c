// SPDX-License-Identifier: GPL-2.0-only
/// The page is locked where the code says so.
// Kernel: 6.8
// Fixable: no
#include <linux/mm.h>

static vm_fault_t madder_fault(struct vm_fault *vmf)
{
	struct page *page = vmf->page;

	if (!page)
		return VM_FAULT_SIGBUS;	/* ok: fault.returns_locked */
	lock_page(page);	/* violates: fault.must_call moderate */
	if (!page->mapping) {
		unlock_page(page);
		return VM_FAULT_NOPAGE;	/* ok: fault.returns_locked */
	}
	return VM_FAULT_LOCKED;	/* ok: fault.returns_locked */
}

const struct vm_operations_struct madder_vm_ops = {
	.fault = madder_fault,
};
