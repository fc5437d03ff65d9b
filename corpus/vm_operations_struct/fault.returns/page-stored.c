// SPDX-License-Identifier: GPL-2.0-only
/// The page is stored before zero is returned, here or by who gets the fault.
#include <linux/methods.h>

static int fir_find(struct vm_fault *vmf)
{
	vmf->page = NULL;
	return 0;
}

static unsigned int fir_fault(struct vm_fault *vmf)
{
	struct page *page = vma_inode(vmf->vma)->i_private;

	if (page) {
		vmf->page = page;
		return 0;	/* ok: fault.returns */
	}
	if (fir_find(vmf))
		return VM_FAULT_OOM;
	return 0;	/* ok: fault.returns */
}

const struct vm_operations_struct fir_vm_ops = {
	.fault = fir_fault,
};
