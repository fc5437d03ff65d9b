// SPDX-License-Identifier: GPL-2.0-only
/// A fault holds mmap_lock for reading; the flags are written under it.
// Kernel: 6.8
// Fixable: no
#include <linux/mm.h>

static vm_fault_t bay_fault(struct vm_fault *vmf)
{
	mmap_write_lock(vmf->vma->vm_mm);	/* violates: fault.no_relock */
	vmf->vma->vm_flags |= 2;
	mmap_write_unlock(vmf->vma->vm_mm);
	return filemap_fault(vmf);
}

const struct vm_operations_struct bay_vm_ops = {
	.fault = bay_fault,
};
