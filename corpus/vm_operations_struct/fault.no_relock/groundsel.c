// SPDX-License-Identifier: GPL-2.0-only
/// The area is changed under the read lock, and looked at when the lock is gone; its lock alone is read before that. What every
/// fault writes alike is no more than the letter.
// Kernel: 6.8
// Fixable: no
// Source: after the shape of 1c71222e5f23 ("mm: replace vma->vm_flags direct modifications with modifier calls"), in a fault handler
#include <linux/mm.h>

static vm_fault_t groundsel_fault(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;

	vma->vm_flags |= 0x4000;	/* violates: fault.no_relock moderate */
	return filemap_fault(vmf);
}

static vm_fault_t knotgrass_fault(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	unsigned long flags = vma->vm_flags;	/* ok: fault.no_relock */

	mmap_read_unlock(vma->vm_mm);	/* ok: fault.no_relock */
	if (vma->vm_flags != flags)	/* violates: fault.no_relock moderate */
		return VM_FAULT_SIGBUS;
	return VM_FAULT_NOPAGE;
}

static vm_fault_t shepherd_fault(struct vm_fault *vmf)
{
	struct file *file = vmf->vma->vm_file;

	mmap_read_unlock(vmf->vma->vm_mm);
	file->private_data = NULL;	/* ok: fault.no_relock */
	return VM_FAULT_NOPAGE;
}

static vm_fault_t fumitory_fault(struct vm_fault *vmf)
{
	vmf->vma->vm_flags = vmf->vma->vm_flags & ~0x4000UL;	/* violates: fault.no_relock low */
	return filemap_fault(vmf);
}

const struct vm_operations_struct fumitory_vm_ops = { .fault = fumitory_fault };
const struct vm_operations_struct groundsel_vm_ops = { .fault = groundsel_fault };
const struct vm_operations_struct knotgrass_vm_ops = { .fault = knotgrass_fault };
const struct vm_operations_struct shepherd_vm_ops = { .fault = shepherd_fault };
