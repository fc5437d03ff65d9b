// SPDX-License-Identifier: GPL-2.0-only
/// mmap_lock is dropped, taken for writing, dropped and taken again.
// Kernel: 6.8
#include <linux/mm.h>

static vm_fault_t bay_fault(struct vm_fault *vmf)
{
	struct mm_struct *mm = vmf->vma->vm_mm;

	mmap_read_unlock(mm);
	mmap_write_lock(mm);	/* ok: fault.no_relock */
	vmf->vma->vm_flags |= 2;
	mmap_write_unlock(mm);
	mmap_read_lock(mm);
	return filemap_fault(vmf);
}

const struct vm_operations_struct bay_vm_ops = {
	.fault = bay_fault,
};
