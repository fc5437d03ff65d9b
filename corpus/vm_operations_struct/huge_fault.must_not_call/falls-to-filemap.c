// SPDX-License-Identifier: GPL-2.0-only
/// What cannot be mapped huge is handed to the small fault.
// Fixable: no
#include <linux/methods.h>

static unsigned int iris_huge_fault(struct vm_fault *vmf, unsigned int order)
{
	if (order > 9)
		return VM_FAULT_FALLBACK;	/* ok: huge_fault.must_not_call */
	return filemap_fault(vmf);	/* violates: huge_fault.must_not_call */
}

const struct vm_operations_struct iris_vm_ops = {
	.huge_fault = iris_huge_fault,
};
