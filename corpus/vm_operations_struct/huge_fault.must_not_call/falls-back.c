// SPDX-License-Identifier: GPL-2.0-only
/// The huge fault falls back; only the small one asks the page cache.
#include <linux/methods.h>

static unsigned int reed_fault(struct vm_fault *vmf)
{
	return filemap_fault(vmf);	/* ok: huge_fault.must_not_call */
}

static unsigned int reed_huge_fault(struct vm_fault *vmf, unsigned int order)
{
	return VM_FAULT_FALLBACK;	/* ok: huge_fault.must_not_call */
}

const struct vm_operations_struct reed_vm_ops = {
	.fault = reed_fault,
	.huge_fault = reed_huge_fault,
};
