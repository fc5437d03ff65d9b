// SPDX-License-Identifier: GPL-2.0-only
/// munmap(2) holds mmap_lock.
// Kernel: 6.8
// Fixable: no
#include <linux/mm.h>

static void basil_close(struct vm_area_struct *vma)
{
	mmap_write_lock(vma->vm_mm);	/* violates: close.no_relock */
	vma->vm_mm->pinned_vm--;
	mmap_write_unlock(vma->vm_mm);
}

const struct vm_operations_struct basil_vm_ops = {
	.close = basil_close,
};
