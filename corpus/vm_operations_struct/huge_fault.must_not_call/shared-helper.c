// SPDX-License-Identifier: GPL-2.0-only
/// One helper serves both faults, and the huge one comes to the generic one through it.
// Fixable: no
#include <linux/methods.h>

static unsigned int lily_any_fault(struct vm_fault *vmf, unsigned int order)
{
	if (order)
		return VM_FAULT_FALLBACK;
	return filemap_fault(vmf);
}

static unsigned int lily_fault(struct vm_fault *vmf)
{
	return lily_any_fault(vmf, 0);
}

static unsigned int lily_huge_fault(struct vm_fault *vmf, unsigned int order)
{
	return lily_any_fault(vmf, order);	/* violates: huge_fault.must_not_call low */
}

const struct vm_operations_struct lily_vm_ops = {
	.fault = lily_fault,
	.huge_fault = lily_huge_fault,
};
